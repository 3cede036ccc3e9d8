//! One sentence: the answer, what decided, and how long it stands.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::decision::Decision;
use crate::decision::Denial;
use crate::explain::Explanation;
use crate::explain::Standing;
use crate::explain::phrases;
use crate::layer::Opinion;
use crate::policy::Amount;
use crate::speech;
use crate::text::Language;
use crate::text::Localized;

impl Explanation {
    /// The answer, what decided and how long it stands, in one sentence without a full stop.
    #[must_use]
    pub fn short(&self, language: Language) -> String {
        let answer = self.answer(language);
        let why = self.why(language);
        format!("{answer}: {why}{}", self.change(language))
    }

    /// `Ana Ruiz may perform “Certify funds” at “Bridge”`, until when.
    pub(super) fn answer(&self, language: Language) -> String {
        let user = self.user.plain(language);
        let duty = self.duty.say(language);
        let place = phrases::place(self.record.scope.as_ref(), language);
        let may = match self.decision {
            Decision::Permit(_) => language.choose("may perform", "puede ejercer"),
            Decision::Deny(_) => language.choose("may not perform", "no puede ejercer"),
        };
        let until = self
            .until
            .filter(|_| self.decision.is_permit())
            .map(|until| {
                let until = speech::instant(until, language);
                language.choose(format!(" until {until}"), format!(" hasta el {until}"))
            });
        format!("{user} {may} {duty}{place}{}", until.unwrap_or_default())
    }

    /// What decided, as a clause.
    pub(super) fn why(&self, language: Language) -> String {
        let user = self.user.plain(language);
        let clauses: Vec<String> = self
            .prevailing()
            .map(|said| phrases::clause(said, language))
            .collect();
        let decided = clauses.join(language.choose(", and ", ", y "));
        match self.decision {
            Decision::Permit(_) | Decision::Deny(Denial::Revoked | Denial::Withheld) => decided,
            Decision::Deny(Denial::NotAssociated) => language.choose(
                format!("{decided}, and this one is not linked to {user}"),
                format!("{decided}, y este no está vinculado a {user}"),
            ),
            Decision::Deny(Denial::NotGranted | Denial::NoItemRight) => self.silence(language),
            Decision::Deny(Denial::Limited) => self.limits_unmet(language),
            Decision::Deny(Denial::OverCeiling) => self.over(language),
            Decision::Deny(Denial::LoginDisabled) => language.choose(
                format!("the login of {user} is disabled"),
                format!("el acceso de {user} está desactivado"),
            ),
            Decision::Deny(Denial::ModuleOff) => {
                let module = self.module.say(language);
                language.choose(
                    format!("the module {module} is switched off"),
                    format!("el módulo {module} está desactivado"),
                )
            }
            Decision::Deny(Denial::OutsideTeam) => {
                let team = self.record.team.as_ref();
                let team = team.map_or_else(String::new, |team| team.say(language));
                language.choose(
                    format!("records of the team {team} are not visible to {user}"),
                    format!("los registros del equipo {team} no son visibles para {user}"),
                )
            }
        }
    }

    /// Nothing grants it; and what last did, if something has lapsed.
    fn silence(&self, language: Language) -> String {
        let nothing = match self.decision.denial() {
            Some(denial) => denial.localized(language),
            None => String::new(),
        };
        let lapsed = self
            .apart
            .iter()
            .filter(|said| said.standing == Standing::Lapsed)
            .filter(|said| matches!(said.opinion, Opinion::Granted(_)))
            .filter_map(|said| Some((said.provenance.as_ref()?.until?, said)))
            .max_by_key(|(until, _)| *until);
        let Some((until, said)) = lapsed else {
            return nothing;
        };
        let until = speech::instant(until, language);
        let thing = phrases::thing(said, language);
        language.choose(
            format!("{nothing} any more, for {thing} held until {until}"),
            format!("ya {nothing}, pues {thing} rigió hasta el {until}"),
        )
    }

    fn limits_unmet(&self, language: Language) -> String {
        let unmet = self.limits.iter().filter(|limit| !limit.met);
        let clauses: Vec<String> = unmet
            .map(|limit| {
                let (name, word) = (limit.limit.say(language), &limit.requires);
                language.choose(
                    format!("the limit {name} requires `{word}`, which the record is not"),
                    format!("el límite {name} exige `{word}`, y el registro no lo está"),
                )
            })
            .collect();
        clauses.join(language.choose(", and ", ", y "))
    }

    fn over(&self, language: Language) -> String {
        let say = |amount: Option<Amount>| {
            amount.map_or_else(String::new, |amount| speech::amount(amount.get(), language))
        };
        let asked = say(self.record.amount);
        let most = say(self.ceiling.as_ref().and_then(|ceiling| ceiling.in_force));
        language.choose(
            format!("the amount, {asked}, is above the ceiling in force, {most}"),
            format!("el importe, {asked}, supera el tope vigente, {most}"),
        )
    }

    /// When a denial changes by time alone.
    fn change(&self, language: Language) -> String {
        match self.until.filter(|_| !self.decision.is_permit()) {
            None => String::new(),
            Some(until) => {
                let until = speech::instant(until, language);
                language.choose(
                    format!("; this changes on {until}"),
                    format!("; esto cambia el {until}"),
                )
            }
        }
    }
}

impl Localized for Explanation {
    fn localized(&self, language: Language) -> String {
        self.short(language)
    }
}

impl core::fmt::Display for Explanation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.short(Language::English))
    }
}
