//! What a policy says to no purpose, or against itself: exact, because the universe is finite.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::as_of::AsOf;
use crate::policy::words;
use crate::text::Language;
use crate::text::Localized;

mod entries;
mod pairs;
mod profiles;
mod trial;
mod unused;
mod whole;

words! {
    /// What a finding is about. The codes are stable; more may come.
    #[non_exhaustive]
    FindingCode {
        /// Without it every decision of everyone everywhere, from now on, is as it is.
        ChangesNothing = "changes-nothing",
        /// A revoke without which the same holds.
        ShadowedRevoke = "shadowed-revoke",
        /// A grant of more in a narrower place, around a revoke of less in a wider one: the revoke stands there.
        GrantAroundRevoke = "grant-around-revoke",
        /// A more specific entry that widens what a broader one narrowed.
        WidensNarrowing = "widens-narrowing",
        /// The same duty at both reaches from one profile or one holder.
        BothReaches = "both-reaches",
        /// Two profiles that give the same.
        EqualProfiles = "equal-profiles",
        /// A profile that gives nothing that another does not.
        ContainedProfile = "contained-profile",
        /// A profile's limit that takes away what another profile of the same user is for.
        LimitTakesAway = "limit-takes-away",
        /// A duty of high sensitivity given without an end.
        HighWithoutEnd = "high-without-end",
        /// What held once and no longer does.
        Lapsed = "lapsed",
        /// A user who is enabled and has nothing.
        UserWithNothing = "user-with-nothing",
        /// A group without members, or that says nothing.
        UnusedGroup = "unused-group",
        /// A scope in which nothing is said.
        UnusedScope = "unused-scope",
        /// A limit that reaches nobody.
        UnusedLimit = "unused-limit",
        /// A profile that nobody has.
        UnusedProfile = "unused-profile",
        /// More users of a seat class than there are seats.
        SeatsOverdrawn = "seats-overdrawn",
        /// A user with more of a conflicting set than may be in one hand.
        StandingConflict = "standing-conflict",
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
    pub place: String,
    /// What else has to do with it, as texts.
    pub with: Vec<String>,
    /// What was looked at to be sure.
    pub proof: Proof,
    #[cfg_attr(feature = "serde", serde(rename = "en"))]
    english: String,
    #[cfg_attr(feature = "serde", serde(rename = "es"))]
    spanish: String,
}

/// How much was looked at to be sure: the numbers of the finite universe that was gone through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Proof {
    /// Users, those that may yet come counted as one.
    pub users: usize,
    /// Places, once for each user and instant.
    pub places: usize,
    /// Instants at which something begins or ends, the present one included, once for each user.
    pub instants: usize,
    /// Duties, once for each of those places.
    pub duties: usize,
}

impl AsOf<'_> {
    /// What the policy says to no purpose or against itself, from the instant on; sorted by code and place.
    #[must_use]
    pub fn lint(self) -> Vec<Finding> {
        let mut findings = Vec::new();
        entries::lint(self, &mut findings);
        pairs::lint(self, &mut findings);
        profiles::lint(self, &mut findings);
        unused::lint(self, &mut findings);
        whole::lint(self, &mut findings);
        findings.sort_by(|a, b| (a.code, &a.place, &a.with).cmp(&(b.code, &b.place, &b.with)));
        findings.dedup();
        findings
    }
}

impl Finding {
    fn new(code: FindingCode, place: String, english: String, spanish: String) -> Self {
        Self {
            code,
            place,
            with: Vec::new(),
            proof: Proof::default(),
            english,
            spanish,
        }
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
        write!(f, "{} at {}: {}", self.code, self.place, self.english)
    }
}
