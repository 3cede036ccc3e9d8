//! What would change a denial: alternatives, each tried on a copy before it is told.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::ops::Deref;

use crate::as_of::QuestionError;
use crate::command::Command;
use crate::decision::Decision;
use crate::decision::Ref;
use crate::decision::Resource;
use crate::event::Stamp;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::DutyId;
use crate::ix::UserId;
use crate::policy::words;
use crate::refusal::Refusal;
use crate::speech;
use crate::tenant::Tenant;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Timestamp;

mod account;
mod search;
mod steps;
mod words;

/// What would lift a denial: the alternatives, and whether there may be more.
///
/// It is read as the list that it holds.
///
/// # Examples
///
/// ```
/// use bailiwick::{Language, Localized, Name, Policy, RemedySearch, Resource, Tenant, policy};
///
/// let mut policy = Policy::new(Name::new("Rio Vista")?);
/// policy.duties.push(policy::Duty {
///     key: "finance.funds.certify".parse()?,
///     label: Some(bailiwick::Label::new("Certify funds", "Certificar fondos")?),
///     sensitivity: None,
///     seat: None,
/// });
/// policy.users.push(policy::User::new("ana".parse()?));
/// let tenant = Tenant::found(&policy)?;
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// let remedies = tenant.remedies(at, "ana", "finance.funds.certify", &Resource::default())?;
/// assert_eq!(remedies.len(), 1);
/// assert_eq!(
///     remedies[0].localized(Language::English),
///     "grant “Certify funds” to ana (the host alone can)",
/// );
/// // There is no other way: everything was tried.
/// assert_eq!(remedies.search, RemedySearch::Complete);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedies {
    /// The alternatives, those that newly permit the fewest other duties first, of these the shortest; none for a
    /// permit.
    pub alternatives: Vec<Remedy>,
    /// Whether all that may be tried was tried.
    pub search: RemedySearch,
}

words! {
    /// How the search for alternatives ended. Closed: it is whole or it is not.
    RemedySearch {
        /// All that may be tried was tried: there are no other alternatives of what is tried.
        Complete = "complete": "all that might help was tried", "se probó todo lo que podría servir",
        /// It came to its bound before: longer alternatives may be missing.
        Rested = "rested": "not all that might help was tried: longer alternatives may be missing", "no se probó todo lo que podría servir: pueden faltar alternativas más largas",
    }
}

impl Deref for Remedies {
    type Target = [Remedy];

    fn deref(&self) -> &[Remedy] {
        &self.alternatives
    }
}

impl IntoIterator for Remedies {
    type Item = Remedy;
    type IntoIter = alloc::vec::IntoIter<Remedy>;

    fn into_iter(self) -> Self::IntoIter {
        self.alternatives.into_iter()
    }
}

impl<'a> IntoIterator for &'a Remedies {
    type Item = &'a Remedy;
    type IntoIter = core::slice::Iter<'a, Remedy>;

    fn into_iter(self) -> Self::IntoIter {
        self.alternatives.iter()
    }
}

/// One alternative that lifts a denial: everything in it together, and nothing in it without need (rule 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The commands, in the order in which they are given.
    pub steps: Vec<RemedyStep>,
    /// The qualifiers that the record would have to have.
    pub qualifiers: Vec<Key>,
    /// How many other duties it would newly permit on this record: of the user, and of everyone else whom one of
    /// its commands concerns.
    pub others: usize,
    /// Who could approve a request for it: the head of the user's department, or of the next one up, and the
    /// delegate (rule 6.1).
    ///
    /// Empty where it is nothing that can be asked for: a request names one target or one profile for one user, and
    /// neither a ceiling nor a reach, so of the alternatives only one grant of the user's own, at reach `all` and
    /// without a ceiling, or one profile assigned to the user, is what a request makes. Empty too where there is
    /// nobody to approve it, or where the tenant would not take the request now: the same one is already open, say.
    pub approvers: Vec<UserKey>,
}

/// One command of an alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemedyStep {
    /// The command.
    pub command: Command,
    /// The users who could give it: the tenant would accept it from each of them. The host always can.
    pub able: Vec<UserKey>,
    english: String,
    spanish: String,
}

impl Localized for RemedyStep {
    fn localized(&self, language: Language) -> String {
        let (text, able) = (
            language.choose(&self.english, &self.spanish),
            self.able.iter().map(ToString::to_string),
        );
        let able: Vec<String> = able.collect();
        if able.is_empty() {
            return language.choose(
                alloc::format!("{text} (the host alone can)"),
                alloc::format!("{text} (solo el sistema puede)"),
            );
        }
        let can = if able.len() == 1 { "puede" } else { "pueden" };
        let able = speech::list(&able, language);
        language.choose(
            alloc::format!("{text} ({able} can)"),
            alloc::format!("{text} ({can} hacerlo: {able})"),
        )
    }
}

impl Localized for Remedy {
    fn localized(&self, language: Language) -> String {
        let mut parts: Vec<String> = self
            .steps
            .iter()
            .map(|step| step.localized(language))
            .collect();
        parts.extend(self.qualifiers.iter().map(|word| {
            language.choose(
                alloc::format!("the record would have to be `{word}`"),
                alloc::format!("el registro tendría que estar `{word}`"),
            )
        }));
        let mut text = parts.join(language.choose(", and ", ", y "));
        match (self.others, language) {
            (0, _) => {}
            (1, Language::English) => text.push_str("; it would permit one other duty"),
            (1, Language::Spanish) => text.push_str("; permitiría otra función más"),
            (many, Language::English) => {
                text = alloc::format!("{text}; it would permit {many} other duties");
            }
            (many, Language::Spanish) => {
                text = alloc::format!("{text}; permitiría otras {many} funciones");
            }
        }
        if !self.approvers.is_empty() {
            let approvers: Vec<String> = self.approvers.iter().map(ToString::to_string).collect();
            let could = if approvers.len() == 1 {
                "podría"
            } else {
                "podrían"
            };
            let approvers = speech::list(&approvers, language);
            text.push_str(&language.choose(
                alloc::format!("; asked for, {approvers} could approve it"),
                alloc::format!("; si se solicita, {could} aprobarlo {approvers}"),
            ));
        }
        text
    }
}

impl Tenant {
    /// The tenant as it would be after some commands, given in order. This one stays as it is, to the byte.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`].
    pub fn what_if(&self, stamp: &Stamp, commands: &[Command]) -> Result<Self, Refusal> {
        let mut copy = self.clone();
        for command in commands {
            copy.execute(stamp, command)?;
        }
        Ok(copy)
    }

    /// The alternatives that would lift a denial, those that newly permit the fewest other duties first; none
    /// for a permit (rule 5).
    ///
    /// Each is tried: given by the host at the instant, in order, its commands are accepted, and with them and
    /// the named qualifiers this very check permits; no part of it does so alone.
    ///
    /// What is tried: enabling the login, switching the module on, the team's sight; a right on the private item;
    /// a grant or a level of the user's own, here or at the root, every profile and every group that gives the duty;
    /// ending what denies it, or leaving the groups that bring it; the missing qualifiers, or taking the limits off;
    /// and what follows one of these where it brought the check further, or ended one of several things that stand
    /// in the way. What a conflicting set forbids is left out: neither is a user excepted from the set, nor is what they
    /// hold of it taken away, which people are to weigh; the command itself is refused with the set's name. The shorter
    /// come first. The search rests after 2,000 trials, and alternatives of more than twelve
    /// parts are not told: where one of these kept something back, [`Remedies::search`] says so.
    ///
    /// # Errors
    ///
    /// As [`check`](crate::AsOf::check).
    pub fn remedies<'k>(
        &self,
        at: Timestamp,
        user: impl Into<Ref<'k, UserId>>,
        duty: impl Into<Ref<'k, DutyId>>,
        resource: &Resource<'_>,
    ) -> Result<Remedies, QuestionError> {
        let (user, duty) = (user.into(), duty.into());
        match self.as_of(at).check(user, duty, resource)? {
            Decision::Permit(_) => Ok(Remedies {
                alternatives: Vec::new(),
                search: RemedySearch::Complete,
            }),
            Decision::Deny(_) => {
                let user = self.as_of(at).user(user)?;
                let duty = self.as_of(at).duty(duty)?;
                search::remedies(self, at, user, duty, resource)
            }
        }
    }
}
