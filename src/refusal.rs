//! Why a command is refused.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::command::CommandKind;
use crate::fault::Fault;
use crate::governance::campaign::CampaignState;
use crate::governance::request::RequestState;
use crate::id::Key;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::model::Model;
use crate::policy::Seat;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Timestamp;

/// Why a command is refused. It leaves no trace: the tenant is as it was.
///
/// Refusals are looked for in the order in which rule 6 lists them, and the first found is given. It may grow with
/// the library.
///
/// # Examples
///
/// ```
/// use bailiwick::Localized; // `localized` is this trait's, here and on every other message
/// use bailiwick::{Actor, Command, Language, Stamp, Tenant};
///
/// let tenant = Tenant::from_toml("user = [{ key = 'ana' }, { key = 'ben' }]")?;
/// let ana = Stamp::new("2026-01-05T09:00:00Z".parse()?, Actor::new("user:ana")?);
/// let command: Command = serde_json::from_str(r#"{ "disable": { "user": "ben" } }"#)?;
/// let refusal = tenant.decide(&ana, &command).unwrap_err();
/// assert_eq!(refusal.code(), "not-authorised");
/// assert_eq!(refusal.to_string(), "`disable` is for the system alone");
/// assert_eq!(refusal.localized(Language::Spanish), "`disable` solo puede hacerlo el sistema");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Something in the command is malformed or unknown.
    Fault {
        /// The field of the command.
        field: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The instant is earlier than the last event's.
    OutOfOrder {
        /// The last event's instant.
        last: Timestamp,
    },
    /// The actor's login is disabled.
    LoginDisabled,
    /// The actor has none of the duties that let a user give this kind of command here.
    NotAuthorised {
        /// The kind of command.
        kind: CommandKind,
        /// Those that the administration table names, any of which would do; none: it is for the host alone.
        duties: Vec<String>,
    },
    /// The actor may not approve or deny this request.
    NotApprover,
    /// The actor did not make this request.
    NotRequester,
    /// The actor does not review this item.
    NotReviewer,
    /// Nobody reviews their own access.
    SelfReview,
    /// The actor is the beneficiary, the requester or the approver.
    NotIndependent,
    /// What the command names has changed since the revision it was decided against.
    StaleRevision {
        /// The revision at which it last changed.
        latest: u64,
    },
    /// The end is not after the command's instant.
    AlreadyPast,
    /// The end is not after the start.
    EmptyWindow,
    /// Another of the same key holds in part of the window.
    ConflictingEntry,
    /// Nothing of that key holds or is to come.
    NoSuchEntry,
    /// The login is enabled already.
    AlreadyEnabled,
    /// The login is disabled already.
    AlreadyDisabled,
    /// The item was revoked already; that is final.
    AlreadyRevoked,
    /// The beneficiary holds that already, for at least as long.
    AlreadyHeld,
    /// There is an open request for the same.
    DuplicateRequest,
    /// Nobody can approve the request.
    NoApprover,
    /// The end is later than was asked for.
    LongerThanAsked,
    /// The request's end has passed, or its profile was retired.
    Lapsed,
    /// The request or campaign is not in a state that allows it.
    WrongState {
        /// The state that it is in.
        state: &'static str,
    },
    /// Nobody delegates to themselves or to a disabled user.
    InvalidDelegate,
    /// The successor must be another, enabled user.
    InvalidSuccessor,
    /// The entry under review has ended meanwhile.
    Moot,
    /// The campaign has no such item.
    NotInCampaign,
    /// Items are undecided.
    Undecided {
        /// How many.
        count: usize,
    },
    /// Others still refer to it.
    InUse {
        /// How many hold it now or will.
        count: usize,
    },
    /// The command's name was given before; it was carried out then.
    AlreadyDone {
        /// The revision of its event.
        revision: u64,
    },
    /// Nobody hands access to themselves.
    SelfGrant,
    /// Nobody who can grant at the root would be left.
    LastAdministrator,
    /// It would leave a user with more of a conflicting set than may be in one hand.
    ConflictOfDuties {
        /// The user.
        user: UserKey,
        /// The set.
        conflict: Key,
    },
    /// More users than there are seats would take that class.
    NoSeat {
        /// The class.
        seat: Seat,
        /// How many there are.
        seats: u32,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fault { fault, .. } => fault.code(),
            Self::OutOfOrder { .. } => "out-of-order",
            Self::LoginDisabled => "login-disabled",
            Self::NotAuthorised { .. } => "not-authorised",
            Self::NotApprover => "not-approver",
            Self::NotRequester => "not-requester",
            Self::NotReviewer => "not-reviewer",
            Self::SelfReview => "self-review",
            Self::NotIndependent => "not-independent",
            Self::StaleRevision { .. } => "stale-revision",
            Self::AlreadyPast => "already-past",
            Self::EmptyWindow => "empty-window",
            Self::ConflictingEntry => "conflicting-entry",
            Self::NoSuchEntry => "no-such-entry",
            Self::AlreadyEnabled => "already-enabled",
            Self::AlreadyDisabled => "already-disabled",
            Self::AlreadyRevoked => "already-revoked",
            Self::AlreadyHeld => "already-held",
            Self::DuplicateRequest => "duplicate-request",
            Self::NoApprover => "no-approver",
            Self::LongerThanAsked => "longer-than-asked",
            Self::Lapsed => "lapsed",
            Self::WrongState { .. } => "wrong-state",
            Self::InvalidDelegate => "invalid-delegate",
            Self::InvalidSuccessor => "invalid-successor",
            Self::Moot => "moot",
            Self::NotInCampaign => "not-in-campaign",
            Self::Undecided { .. } => "undecided",
            Self::InUse { .. } => "in-use",
            Self::AlreadyDone { .. } => "already-done",
            Self::SelfGrant => "self-grant",
            Self::LastAdministrator => "last-administrator",
            Self::ConflictOfDuties { .. } => "conflict-of-duties",
            Self::NoSeat { .. } => "no-seat",
        }
    }

    /// That the actor has nothing of what the administration table names for a kind of command.
    pub(crate) fn not_authorised(model: &Model, kind: CommandKind) -> Self {
        let duties = model.administration.get(&kind).into_iter().flatten();
        let duties = duties.map(|duty| model.catalog.duty_key(*duty).into());
        Self::NotAuthorised {
            kind,
            duties: duties.collect(),
        }
    }

    pub(crate) fn fault(field: &str, fault: impl Into<Fault>) -> Self {
        Self::Fault {
            field: field.into(),
            fault: fault.into(),
        }
    }
}

impl Localized for Refusal {
    #[expect(
        clippy::too_many_lines,
        reason = "one line for each refusal, in both languages"
    )]
    fn localized(&self, language: Language) -> String {
        let (english, spanish): (&str, &str) = match self {
            Self::Fault { field, fault } => {
                return format!("`{field}`: {}", fault.localized(language));
            }
            Self::OutOfOrder { last } => {
                return language.choose(
                    format!("earlier than the last event, at {last}"),
                    format!("anterior al último suceso, de {last}"),
                );
            }
            Self::NotAuthorised { kind, duties } => return not_authorised(*kind, duties, language),
            Self::StaleRevision { latest } => {
                return language.choose(
                    format!("it has changed since, at revision {latest}"),
                    format!("ha cambiado después, en la revisión {latest}"),
                );
            }
            Self::WrongState { state } => {
                let request = RequestState::from_word(state).map(|state| state.localized(language));
                let campaign =
                    || CampaignState::from_word(state).map(|state| state.localized(language));
                let known = request.or_else(campaign).unwrap_or_else(|| (*state).into());
                return language.choose(
                    format!("it is `{state}`"),
                    format!("su estado es `{known}`"),
                );
            }
            Self::Undecided { count } => {
                return language.choose(
                    format!("{count} items are undecided"),
                    format!("faltan {count} elementos por decidir"),
                );
            }
            Self::InUse { count } => {
                return language.choose(
                    format!("{count} still refer to it"),
                    format!("todavía lo usan {count}"),
                );
            }
            Self::AlreadyDone { revision } => {
                return language.choose(
                    format!("carried out before, at revision {revision}"),
                    format!("ya se hizo antes, en la revisión {revision}"),
                );
            }
            Self::ConflictOfDuties { user, conflict } => {
                return language.choose(
                    format!("`{user}` would hold too much of `{conflict}`"),
                    format!("`{user}` reuniría demasiado de `{conflict}`"),
                );
            }
            Self::NoSeat { seat, seats } => {
                return language.choose(format!("all {seats} `{seat}` seats are taken"), {
                    let seat = seat.localized(language);
                    format!("las {seats} licencias de clase `{seat}` están ocupadas")
                });
            }
            Self::LoginDisabled => (
                "the actor's login is disabled",
                "el acceso de quien actúa está desactivado",
            ),
            Self::NotApprover => (
                "not for this actor to approve",
                "no le corresponde aprobarla",
            ),
            Self::NotRequester => ("made by somebody else", "la hizo otra persona"),
            Self::NotReviewer => (
                "not for this actor to review",
                "no le corresponde revisarlo",
            ),
            Self::SelfReview => (
                "nobody reviews their own access",
                "nadie revisa sus propios accesos",
            ),
            Self::NotIndependent => (
                "whoever asked, approved or benefits cannot carry it out",
                "quien pidió, aprobó o se beneficia no puede ejecutarla",
            ),
            Self::AlreadyPast => (
                "it would end before it begins to count",
                "terminaría antes de empezar a contar",
            ),
            Self::EmptyWindow => (
                "a window must end after it starts",
                "un plazo debe terminar después de empezar",
            ),
            Self::ConflictingEntry => (
                "another of the same key holds in part of this window",
                "otra igual coincide en parte de este plazo",
            ),
            Self::NoSuchEntry => (
                "there is none in force or to come",
                "no hay ninguna vigente ni por venir",
            ),
            Self::AlreadyEnabled => ("enabled already", "ya está activado"),
            Self::AlreadyDisabled => ("disabled already", "ya está desactivado"),
            Self::AlreadyRevoked => (
                "revoked already, which is final",
                "ya se revocó, y es definitivo",
            ),
            Self::AlreadyHeld => (
                "held already, for at least as long",
                "ya lo tiene, al menos por el mismo tiempo",
            ),
            Self::DuplicateRequest => (
                "there is an open request for the same",
                "ya hay una solicitud abierta de lo mismo",
            ),
            Self::NoApprover => ("nobody can approve it", "nadie puede aprobarla"),
            Self::LongerThanAsked => (
                "later than what was asked for",
                "más tarde de lo que se pidió",
            ),
            Self::Lapsed => ("the request has lapsed", "la solicitud ha caducado"),
            Self::InvalidDelegate => (
                "a delegate is another, enabled user",
                "el delegado debe ser otro usuario con acceso activo",
            ),
            Self::InvalidSuccessor => (
                "a successor is another, enabled user",
                "el sucesor debe ser otro usuario con acceso activo",
            ),
            Self::Moot => (
                "what was to be reviewed has ended",
                "lo que había que revisar ya terminó",
            ),
            Self::NotInCampaign => (
                "not an item of this campaign",
                "no es un elemento de esta campaña",
            ),
            Self::SelfGrant => (
                "nobody hands access to themselves",
                "nadie se da acceso a sí mismo",
            ),
            Self::LastAdministrator => (
                "nobody who can grant would be left",
                "no quedaría nadie que pueda conceder",
            ),
        };
        language.choose(english, spanish).into()
    }
}

fn not_authorised(kind: CommandKind, duties: &[String], language: Language) -> String {
    match duties {
        [] if kind == CommandKind::Delegate => language.choose(
            format!("`{kind}` is for the head of the department and the system"),
            format!("`{kind}` solo puede hacerlo la jefatura del departamento o el sistema"),
        ),
        [] => language.choose(
            format!("`{kind}` is for the system alone"),
            format!("`{kind}` solo puede hacerlo el sistema"),
        ),
        [duty] => language.choose(
            format!("`{kind}` needs the duty `{duty}` here"),
            format!("`{kind}` exige aquí la función `{duty}`"),
        ),
        several => {
            let several = several.join("`, `");
            language.choose(
                format!("`{kind}` needs one of the duties `{several}` here"),
                format!("`{kind}` exige aquí una de las funciones `{several}`"),
            )
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl core::error::Error for Refusal {}

impl From<Unknown> for Refusal {
    fn from(unknown: Unknown) -> Self {
        let field = unknown.code().trim_start_matches("unknown-").into();
        Self::Fault {
            field,
            fault: Fault::Unknown(unknown),
        }
    }
}
