//! The commands of alternatives, in words.

use alloc::format;
use alloc::string::String;

use crate::command::Command;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::model::Model;
use crate::source::Owner;
use crate::speech;
use crate::speech::Named;
use crate::text::Label;
use crate::text::Language;

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
    [Language::English, Language::Spanish].map(|language| {
        let mut text = Words { model, language }.say(command);
        if let Some(scope) = scope(command) {
            let place = model.find_scope(scope.as_str()).ok();
            if let Some(place) = Named::place(model, place) {
                let place = place.say(language);
                text.push_str(&language.choose(format!(" at {place}"), format!(" en {place}")));
            }
        }
        text
    })
}

struct Words<'a> {
    model: &'a Model,
    language: Language,
}

impl Words<'_> {
    fn say(&self, command: &Command) -> String {
        let language = self.language;
        let (english, spanish) = match command {
            Command::Enable(row) => {
                let user = self.user(&row.user);
                (
                    format!("enable the login of {user}"),
                    format!("activar el acceso de {user}"),
                )
            }
            Command::SwitchModule(row) => {
                let module = self.module(&row.module);
                (
                    format!("switch the module {module} on"),
                    format!("activar el módulo {module}"),
                )
            }
            Command::SetTeam(row) => {
                let (user, team) = (self.user(&row.user), self.team(row.team.as_ref()));
                (
                    format!("move {user} to the team {team}"),
                    format!("pasar a {user} al equipo {team}"),
                )
            }
            Command::SetAllTeams(row) => {
                let user = self.user(&row.user);
                (
                    format!("let {user} see every team's records"),
                    format!("dejar que {user} vea los registros de todos los equipos"),
                )
            }
            Command::GiveItem(row) => {
                let (user, item) = (self.user(&row.user), &row.item);
                (
                    format!("give {user} a right on the private item `{item}`"),
                    format!("dar a {user} un derecho sobre el elemento privado `{item}`"),
                )
            }
            Command::Grant(row) => {
                let (holder, on) = (self.holder(&row.holder), self.target(&row.on));
                (
                    format!("grant {on} to {holder}"),
                    format!("conceder {on} a {holder}"),
                )
            }
            Command::Level(row) => {
                let (holder, on) = (self.holder(&row.holder), self.target(&row.on));
                let to = row.to.as_str();
                (
                    format!("set the level of {holder} on {on} to `{to}`"),
                    format!("fijar en `{to}` el nivel de {holder} en {on}"),
                )
            }
            Command::Assign(row) => {
                let (holder, profile) = (self.holder(&row.holder), self.profile(&row.profile));
                (
                    format!("assign the profile {profile} to {holder}"),
                    format!("asignar el perfil {profile} a {holder}"),
                )
            }
            Command::Unassign(row) => {
                let (holder, profile) = (self.holder(&row.holder), self.profile(&row.profile));
                (
                    format!("take the profile {profile} from {holder}"),
                    format!("retirar el perfil {profile} a {holder}"),
                )
            }
            Command::Clear(row) => {
                let (holder, on) = (self.holder(&row.holder), self.target(&row.on));
                (
                    format!("end the entry of {holder} on {on}"),
                    format!("terminar lo fijado para {holder} sobre {on}"),
                )
            }
            Command::Unrestrict(row) => {
                let (holder, limit) = (self.holder(&row.holder), self.limit(&row.limit));
                (
                    format!("take the limit {limit} off {holder}"),
                    format!("quitar el límite {limit} a {holder}"),
                )
            }
            Command::Join(row) => {
                let (user, group) = (self.user(&row.user), self.group(&row.group));
                (
                    format!("add {user} to the group {group}"),
                    format!("añadir a {user} al grupo {group}"),
                )
            }
            Command::Leave(row) => {
                let (user, group) = (self.user(&row.user), self.group(&row.group));
                (
                    format!("take {user} out of the group {group}"),
                    format!("sacar a {user} del grupo {group}"),
                )
            }
            other => (format!("{}", other.kind()), format!("{}", other.kind())),
        };
        language.choose(english, spanish)
    }

    fn user(&self, key: &UserKey) -> String {
        let user = self.model.find_user(key.as_str()).ok();
        let user = user.and_then(|user| self.model.user(user));
        user.map_or_else(
            || key.as_str().into(),
            |user| Named::user(user).plain(self.language).into(),
        )
    }

    fn holder(&self, key: &HolderKey) -> String {
        self.model.find_holder(key).map_or_else(
            |_| key.as_str(),
            |holder| {
                speech::holder(
                    &Named::holder(self.model, Owner::of(self.model, holder)),
                    self.language,
                )
            },
        )
    }

    fn target(&self, key: &TargetKey) -> String {
        self.model.catalog.target(key).map_or_else(
            |_| key.as_str().into(),
            |target| speech::target(&Named::target(self.model, target), self.language),
        )
    }

    fn profile(&self, key: &Key) -> String {
        let profile = self.model.find_profile(key.as_str());
        profile.map_or_else(
            |_| self.named(key, None),
            |profile| Named::profile(self.model, profile).say(self.language),
        )
    }

    fn module(&self, key: &Key) -> String {
        let module = self.model.catalog.module(key.as_str()).ok();
        let module = module.and_then(|module| self.model.catalog.get_module(module));
        self.named(key, module.and_then(|module| module.label.as_ref()))
    }

    fn limit(&self, key: &Key) -> String {
        let limit = self.model.catalog.limit(key.as_str()).ok();
        let limit = limit.and_then(|limit| self.model.catalog.get_limit(limit));
        self.named(key, limit.and_then(|limit| limit.label.as_ref()))
    }

    fn group(&self, key: &Key) -> String {
        let group = self.model.groups.find(key.as_str());
        let group = group.and_then(|group| self.model.groups.get(group));
        self.named(key, group.and_then(|branch| branch.label.as_ref()))
    }

    fn team(&self, key: Option<&Key>) -> String {
        let Some(key) = key else { return String::new() };
        let team = self.model.teams.find(key.as_str());
        let team = team.and_then(|team| self.model.teams.get(team));
        self.named(key, team.and_then(|branch| branch.label.as_ref()))
    }

    fn named(&self, key: &Key, label: Option<&Label>) -> String {
        Named::new(key.as_str(), label).say(self.language)
    }
}
