//! Writing a policy as a document, field by field as it is read.

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use crate::document::Document;
use crate::helpdesk::AttachmentLimits;
use crate::helpdesk::DeskSettings;
use crate::helpdesk::Percent;
use crate::helpdesk::Sla;
use crate::id::DutyKey;
use crate::policy::HelpdeskDuties;
use crate::policy::Mode;
use crate::policy::Policy;
use crate::time::Duration;

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let policy = &self.policy;
        map.serialize_entry("name", &policy.name)?;
        write_mode(policy.mode, &mut map)?;
        if let Some(catalog) = &policy.catalog {
            map.serialize_entry("catalog", catalog)?;
        }
        if policy.seats.full.is_some() || policy.seats.administrator.is_some() {
            map.serialize_entry("seats", &policy.seats)?;
        }
        if !policy.administration.is_empty() {
            map.serialize_entry("administration", &policy.administration)?;
        }
        write_lists(policy, &mut map)?;
        write_service(self, &mut map)?;
        map.end()
    }
}

fn write_mode<M: SerializeMap>(mode: Mode, map: &mut M) -> Result<(), M::Error> {
    match mode {
        Mode::Strict => map.serialize_entry("mode", "strict"),
        Mode::Open { up_to } => {
            map.serialize_entry("mode", "open")?;
            map.serialize_entry("open-up-to", &up_to)
        }
    }
}

fn write_lists<M: SerializeMap>(policy: &Policy, map: &mut M) -> Result<(), M::Error> {
    macro_rules! lists {
        ($($field:ident $list:literal,)*) => {$(
            if !policy.$field.is_empty() {
                map.serialize_entry($list, &policy.$field)?;
            }
        )*};
    }
    lists! {
        modules "module", duties "duty", ladders "ladder", limits "limit", scopes "scope",
        departments "department", teams "team", groups "group", profiles "profile", users "user",
        assignments "assign", grants "grant", revokes "revoke", levels "level", restrictions "restrict",
        items "item", conflicts "conflict", schedules "schedule",
    }
    Ok(())
}

/// `[helpdesk]`, as far as it says anything.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Helpdesk<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a DutyKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<&'a DutyKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reopen: Option<&'a DutyKey>,
    close_after: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    give_up: Option<Duration>,
    reopen_within: Duration,
    warn: Percent,
    attachments: &'a AttachmentLimits,
}

fn write_service<M: SerializeMap>(document: &Document, map: &mut M) -> Result<(), M::Error> {
    let HelpdeskDuties { file, work, reopen } = &document.policy.helpdesk;
    let DeskSettings {
        close_after,
        give_up,
        reopen_within,
        warn,
        attachments,
        service,
    } = &document.desk;
    let helpdesk = Helpdesk {
        file: file.as_ref(),
        work: work.as_ref(),
        reopen: reopen.as_ref(),
        close_after: *close_after,
        give_up: *give_up,
        reopen_within: *reopen_within,
        warn: *warn,
        attachments,
    };
    let plain = DeskSettings {
        service: service.clone(),
        ..DeskSettings::default()
    };
    if document.policy.helpdesk != HelpdeskDuties::default() || document.desk != plain {
        map.serialize_entry("helpdesk", &helpdesk)?;
    }
    if !service.calendar.is_always() {
        map.serialize_entry("calendar", &service.calendar)?;
    }
    if service.sla != Sla::default() {
        map.serialize_entry("sla", &service.sla)?;
    }
    Ok(())
}
