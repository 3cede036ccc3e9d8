//! What would change a denial: alternatives, each tried on a copy before it is told.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

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
use crate::refusal::Refusal;
use crate::speech;
use crate::tenant::Tenant;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Timestamp;

mod search;
mod steps;
mod words;

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
    /// Who could approve a request for it: the head of the user's department or a delegate. Empty where it is
    /// nothing that can be asked for, or the tenant would not take the request now.
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
        let able = speech::list(&able, language);
        language.choose(
            alloc::format!("{text} ({able} can)"),
            alloc::format!("{text} (puede hacerlo: {able})"),
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
            let approvers = speech::list(&approvers, language);
            text.push_str(&language.choose(
                alloc::format!("; asked for, {approvers} could approve it"),
                alloc::format!("; si se solicita, podría aprobarlo {approvers}"),
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
    /// and what follows one of these where it brought the check further, up to seven in a row. The shorter come
    /// first, and after 2,000 trials the search rests; alternatives of more than twelve parts are not told. So where
    /// very many profiles and groups would do only in combination, long alternatives may be missing.
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
    ) -> Result<Vec<Remedy>, QuestionError> {
        let (user, duty) = (user.into(), duty.into());
        match self.as_of(at).check(user, duty, resource)? {
            Decision::Permit(_) => Ok(Vec::new()),
            Decision::Deny(_) => {
                let user = self.as_of(at).user(user)?;
                let duty = self.as_of(at).duty(duty)?;
                search::remedies(self, at, user, duty, resource)
            }
        }
    }
}
