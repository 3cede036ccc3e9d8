//! What a policy says to no purpose, or against itself: exact, because the universe is finite.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::as_of::AsOf;
use crate::lint::thing::Thing;
use crate::policy::Policy;
use crate::policy::words;
use crate::text::Language;
use crate::text::Localized;

mod entries;
mod pairs;
mod place;
mod profiles;
mod proof;
mod reaches;
mod thing;
mod trial;
mod unused;
mod whole;

pub use proof::Proof;

words! {
    /// What a finding is about. The codes are stable; more may come.
    #[non_exhaustive]
    FindingCode {
        /// Without it every decision of everyone everywhere, and every seat and conflict, is as it is from now on:
        /// also once logins are enabled, modules switched on and somebody new comes.
        ChangesNothing = "changes-nothing": "an entry that changes nothing", "una entrada que no cambia nada",
        /// A revoke without which the same holds.
        ShadowedRevoke = "shadowed-revoke": "a revoke without effect", "una revocación sin efecto",
        /// Without it every decision of everyone there is stays as it is, but not if a login were enabled, a module
        /// switched on, or somebody new came.
        Dormant = "dormant": "an entry that idles for now", "una entrada sin efecto por ahora",
        /// A grant of more in a narrower place, around a revoke of less in a wider one: the revoke stands there.
        GrantAroundRevoke = "grant-around-revoke": "a grant around a revoke", "una concesión en torno a una revocación",
        /// A more specific entry that widens what a broader one narrowed, of the same holder or of a broader one.
        WidensNarrowing = "widens-narrowing": "a widened narrowing", "una restricción que se amplía",
        /// The same duty at both reaches from one profile, or from two sources of one layer.
        BothReaches = "both-reaches": "the same duty at both reaches", "la misma función con ambos alcances",
        /// Two profiles that give the same.
        EqualProfiles = "equal-profiles": "equal profiles", "perfiles iguales",
        /// A profile that gives nothing that another does not.
        ContainedProfile = "contained-profile": "a profile within another", "un perfil contenido en otro",
        /// A profile's limit that takes away what another profile of the same user is for.
        LimitTakesAway = "limit-takes-away": "a limit that takes away", "un límite que resta",
        /// A duty of high sensitivity given without an end.
        HighWithoutEnd = "high-without-end": "high sensitivity without an end", "alta sensibilidad sin vencimiento",
        /// What held once and no longer does.
        Lapsed = "lapsed": "lapsed", "caducado",
        /// A user who is enabled and has nothing.
        UserWithNothing = "user-with-nothing": "a user with nothing", "un usuario sin nada",
        /// A group without members, or that says nothing.
        UnusedGroup = "unused-group": "an unused group", "un grupo sin uso",
        /// A scope in which nothing is said.
        UnusedScope = "unused-scope": "an unused scope", "un ámbito sin uso",
        /// A limit that reaches nobody.
        UnusedLimit = "unused-limit": "an unused limit", "un límite sin uso",
        /// A profile that nobody has.
        UnusedProfile = "unused-profile": "an unused profile", "un perfil sin uso",
        /// More users of a seat class than there are seats.
        SeatsOverdrawn = "seats-overdrawn": "more users than seats", "más usuarios que licencias",
        /// A user with more of a conflicting set than may be in one hand.
        StandingConflict = "standing-conflict": "a standing conflict", "un conflicto de funciones vigente",
    }
}

/// Something worth a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub struct Finding {
    /// What it is about.
    pub code: FindingCode,
    /// What it is found in: an entry's text, `profile KEY`, `user KEY`, …
    pub entry: String,
    /// Its place in the policy that was named, such as `grant[3]` or `group[2]`; absent where none was named, and
    /// for what a command made.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub place: Option<String>,
    /// What else has to do with it, as texts.
    pub with: Vec<String>,
    /// What was looked at to be sure.
    pub proof: Proof,
    #[cfg_attr(feature = "serde", serde(rename = "en"))]
    english: String,
    #[cfg_attr(feature = "serde", serde(rename = "es"))]
    spanish: String,
    #[cfg_attr(feature = "serde", serde(skip))]
    row: Thing,
}

impl AsOf<'_> {
    /// What the policy says to no purpose or against itself, from the instant on; sorted by code and entry.
    #[must_use]
    pub fn lint(self) -> Vec<Finding> {
        let mut findings = Vec::new();
        entries::lint(self, &mut findings);
        pairs::lint(self, &mut findings);
        profiles::lint(self, &mut findings);
        reaches::lint(self, &mut findings);
        unused::lint(self, &mut findings);
        whole::lint(self, &mut findings);
        let order = |finding: &Finding| {
            let (entry, with) = (finding.entry.clone(), finding.with.clone());
            (finding.code, entry, finding.row.clone(), with)
        };
        findings.sort_by_cached_key(order);
        findings.dedup();
        findings
    }

    /// The same, each finding with its place in the policy that the tenant was founded on.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Name, Policy, Tenant, policy};
    ///
    /// let mut policy = Policy::new(Name::new("Rio Vista")?);
    /// policy.groups.push(policy::Node::new("clerks".parse()?));
    /// let tenant = Tenant::found(&policy)?;
    /// let findings = tenant.as_of("2026-01-05T09:00:00Z".parse()?).lint_of(&policy);
    /// assert_eq!(
    ///     findings[0].to_string(),
    ///     "unused-group at group[0] (group clerks): nobody is a member, now or later",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lint_of(self, policy: &Policy) -> Vec<Finding> {
        let places = place::places(policy);
        let mut findings = self.lint();
        for finding in &mut findings {
            finding.place = places.get(&finding.row).cloned();
        }
        findings
    }
}

impl Finding {
    /// A finding about something that a row of a policy states.
    fn new(code: FindingCode, row: Thing, english: String, spanish: String) -> Self {
        Self {
            code,
            entry: row.text.clone(),
            place: None,
            with: Vec::new(),
            proof: Proof::default(),
            english,
            spanish,
            row,
        }
    }

    /// A finding that has more to it than its row says.
    fn about(self, entry: String) -> Self {
        Self { entry, ..self }
    }

    fn with(self, with: Vec<String>) -> Self {
        Self { with, ..self }
    }

    fn proved(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }
}

impl Localized for Finding {
    fn localized(&self, language: Language) -> String {
        language.choose(&self.english, &self.spanish).clone()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, entry, text) = (self.code, &self.entry, &self.english);
        match &self.place {
            Some(place) => write!(f, "{code} at {place} ({entry}): {text}"),
            None => write!(f, "{code} at {entry}: {text}"),
        }
    }
}
