//! The commands of alternatives, in words.

use alloc::format;
use alloc::string::String;

use crate::command::Command;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::model::Model;
use crate::model::User;
use crate::policy::Amount;
use crate::source::Owner;
use crate::speech;
use crate::speech::Named;
use crate::text::Label;
use crate::text::Language;
use crate::text::Name;

/// The scope that a command names.
pub(super) fn scope(command: &Command) -> Option<&Key> {
    match command {
        Command::Grant(row) => row.scope.as_ref(),
        Command::Level(row) => row.scope.as_ref(),
        Command::Assign(row) => row.scope.as_ref(),
        Command::Clear(row) => row.scope.as_ref(),
        Command::Unassign(row) => row.scope.as_ref(),
        Command::Unrestrict(row) => row.scope.as_ref(),
        _ => None,
    }
}

/// A command in English and in Spanish.
pub(super) fn command(model: &Model, command: &Command) -> [String; 2] {
    let mut texts = Words { model }.say(command);
    let place = scope(command).and_then(|key| model.find_scope(key.as_str()).ok());
    if let Some(place) = Named::place(model, place) {
        for ((text, language), at) in texts.iter_mut().zip(BOTH).zip([" at ", " en "]) {
            text.push_str(at);
            text.push_str(&place.say(language));
        }
    }
    texts
}

const BOTH: [Language; 2] = [Language::English, Language::Spanish];

/// What things are called in both languages.
struct Words<'a> {
    model: &'a Model,
}

impl<'a> Words<'a> {
    #[expect(clippy::too_many_lines, reason = "one arm for each command")]
    fn say(&self, command: &Command) -> [String; 2] {
        match command {
            Command::Enable(row) => {
                let user = self.user(&row.user);
                [
                    format!("enable the login of {user}"),
                    format!("activar el acceso de {user}"),
                ]
            }
            Command::SwitchModule(row) => {
                let [module, modulo] = self.module(&row.module);
                [
                    format!("switch the module {module} on"),
                    format!("activar el módulo {modulo}"),
                ]
            }
            Command::SetTeam(row) => {
                let user = self.user(&row.user);
                let [team, equipo] = self.team(row.team.as_ref());
                [
                    format!("move {user} to the team {team}"),
                    format!("pasar a {user} al equipo {equipo}"),
                ]
            }
            Command::SetAllTeams(row) => {
                let user = self.user(&row.user);
                [
                    format!("let {user} see every team's records"),
                    format!("dejar que {user} vea los registros de todos los equipos"),
                ]
            }
            Command::GiveItem(row) => {
                let (user, item) = (self.user(&row.user), &row.item);
                [
                    format!("give {user} a right on the private item `{item}`"),
                    format!("dar a {user} un derecho sobre el elemento privado `{item}`"),
                ]
            }
            Command::Grant(row) => {
                let [holder, titular] = self.to(&row.holder);
                let [on, sobre] = self.target(&row.on);
                let [most, tope] = ceiling(row.ceiling);
                [
                    format!("grant {on}{most} to {holder}"),
                    format!("conceder {sobre}{tope} {titular}"),
                ]
            }
            Command::Level(row) => {
                let [holder, titular] = self.holder(&row.holder);
                let [on, sobre] = self.target(&row.on);
                let to = row.to.as_str();
                [
                    format!("set the level of {holder} on {on} to `{to}`"),
                    format!("fijar en `{to}` el nivel de {titular} en {sobre}"),
                ]
            }
            Command::Assign(row) => {
                let [holder, titular] = self.to(&row.holder);
                let [profile, perfil] = self.profile(&row.profile);
                [
                    ["assign the profile ", &profile, " to ", &holder].concat(),
                    ["asignar el perfil ", &perfil, " ", &titular].concat(),
                ]
            }
            Command::Unassign(row) => {
                let [holder, titular] = self.to(&row.holder);
                let [profile, perfil] = self.profile(&row.profile);
                [
                    format!("take the profile {profile} from {holder}"),
                    format!("retirar el perfil {perfil} {titular}"),
                ]
            }
            Command::Clear(row) => {
                let [holder, titular] = self.holder(&row.holder);
                let [on, sobre] = self.target(&row.on);
                [
                    format!("end the entry of {holder} on {on}"),
                    format!("terminar lo fijado para {titular} sobre {sobre}"),
                ]
            }
            Command::Unrestrict(row) => {
                let [holder, titular] = self.to(&row.holder);
                let [limit, limite] = self.limit(&row.limit);
                [
                    format!("take the limit {limit} off {holder}"),
                    format!("quitar el límite {limite} {titular}"),
                ]
            }
            Command::Join(row) => {
                let user = self.user(&row.user);
                let [group, grupo] = self.group(&row.group);
                [
                    format!("add {user} to the group {group}"),
                    format!("añadir a {user} al grupo {grupo}"),
                ]
            }
            Command::Leave(row) => {
                let user = self.user(&row.user);
                let [group, grupo] = self.group(&row.group);
                [
                    format!("take {user} out of the group {group}"),
                    format!("sacar a {user} del grupo {grupo}"),
                ]
            }
            other => BOTH.map(|_| format!("{}", other.kind())),
        }
    }

    /// The name is the same in both languages.
    fn user<'k>(&self, key: &'k UserKey) -> &'k str
    where
        'a: 'k,
    {
        let user = self.model.find_user(key.as_str()).ok();
        let user = user.and_then(|user| self.model.user(user));
        let name = user.and_then(User::name);
        name.map_or_else(|| key.as_str(), Name::as_str)
    }

    fn holder(&self, key: &HolderKey) -> [String; 2] {
        match key {
            HolderKey::User(key) => BOTH.map(|_| self.user(key).into()),
            HolderKey::Everyone | HolderKey::Group(_) => {
                let holder = self.owner(key);
                BOTH.map(|language| speech::holder(&holder, language))
            }
        }
    }

    /// To whom it is given, or from whom it is taken: in Spanish `a` goes with the article, and says both.
    fn to(&self, key: &HolderKey) -> [String; 2] {
        match key {
            HolderKey::User(key) => ["", "a "].map(|word| [word, self.user(key)].concat()),
            HolderKey::Everyone | HolderKey::Group(_) => {
                let holder = self.owner(key);
                let english = speech::holder(&holder, Language::English);
                [english, speech::spanish_to(&holder)]
            }
        }
    }

    fn owner(&self, key: &HolderKey) -> Named {
        self.model.find_holder(key).map_or_else(
            |_| Named::new(&key.as_str(), None),
            |holder| Named::holder(self.model, Owner::of(self.model, holder)),
        )
    }

    fn target(&self, key: &TargetKey) -> [String; 2] {
        let target = self.model.catalog.target(key).map_or_else(
            |_| Named::new(key.as_str(), None),
            |target| Named::target(self.model, target),
        );
        BOTH.map(|language| speech::target(&target, language))
    }

    fn profile(&self, key: &Key) -> [String; 2] {
        let profile = self.model.find_profile(key.as_str()).ok();
        let profile = profile.and_then(|profile| self.model.profile(profile));
        named(key, profile.and_then(|profile| profile.row.label.as_ref()))
    }

    fn module(&self, key: &Key) -> [String; 2] {
        let module = self.model.catalog.module(key.as_str()).ok();
        let module = module.and_then(|module| self.model.catalog.get_module(module));
        named(key, module.and_then(|module| module.label.as_ref()))
    }

    fn limit(&self, key: &Key) -> [String; 2] {
        let limit = self.model.catalog.limit(key.as_str()).ok();
        let limit = limit.and_then(|limit| self.model.catalog.get_limit(limit));
        named(key, limit.and_then(|limit| limit.label.as_ref()))
    }

    fn group(&self, key: &Key) -> [String; 2] {
        let group = self.model.groups.find(key.as_str());
        let group = group.and_then(|group| self.model.groups.get(group));
        named(key, group.and_then(|branch| branch.label.as_ref()))
    }

    fn team(&self, key: Option<&Key>) -> [String; 2] {
        let Some(key) = key else {
            return BOTH.map(|_| String::new());
        };
        let team = self.model.teams.find(key.as_str());
        let team = team.and_then(|team| self.model.teams.get(team));
        named(key, team.and_then(|branch| branch.label.as_ref()))
    }
}

/// ` up to 700,000 minor units`, or nothing without a ceiling.
fn ceiling(most: Option<Amount>) -> [String; 2] {
    BOTH.map(|language| {
        most.map_or_else(String::new, |most| {
            let most = speech::amount(most.get(), language);
            language.choose(format!(" up to {most}"), format!(" hasta {most}"))
        })
    })
}

fn named(key: &Key, label: Option<&Label>) -> [String; 2] {
    let text = |language| label.map_or_else(|| key.as_str(), |label| label.get(language));
    BOTH.map(|language| speech::quoted(text(language), language))
}
