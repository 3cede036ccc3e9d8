//! Who could do this on that day, and by whose decision; and what has changed for somebody since.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::QuestionError;
use crate::decision::Resource;
use crate::difference::Difference;
use crate::explain::Explanation;
use crate::explain::Membership;
use crate::explain::Provenance;
use crate::history::History;
use crate::id::Actor;
use crate::id::UserKey;
use crate::policy::rows;
use crate::tenant::Tenant;
use crate::text::Text;
use crate::time::Timestamp;

rows! {
    /// A user who could perform a duty, and the decisions by which they could.
    pub struct Ability {
        /// The user.
        pub user: UserKey,
        /// What decided it, sorted by its text.
        pub decisions: Vec<Responsible>,
    }

    /// Something that let a user perform a duty, and whose decision it was.
    pub struct Responsible {
        /// Such as `grant user:ana finance.funds.certify`.
        pub what: String,
        /// Who made it; absent where the tenant's mode did.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub by: Option<Actor>,
        /// When; absent: in the document that the tenant was founded on.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub made: Option<Timestamp>,
        /// Why.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub reason: Option<Text>,
        /// Who had approved it, where it was provisioned for a request.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub approved: Option<(Timestamp, UserKey)>,
        /// When it had last been certified, and by whom.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub certified: Option<(Timestamp, Actor)>,
    }
}

impl History {
    /// Who could perform a duty on a record at an instant, sorted by user, and by whose decisions: from what was
    /// known then.
    ///
    /// # Errors
    ///
    /// [`QuestionError`] if the duty or something of the record was unknown then, or there was no tenant yet.
    pub fn who_could(
        &self,
        duty: &str,
        resource: &Resource<'_>,
        at: Timestamp,
    ) -> Result<Vec<Ability>, QuestionError> {
        let then = self.as_of(at)?;
        let users = then.as_of(at).who_can(duty, resource)?;
        let mut abilities = Vec::new();
        for user in users {
            let explained = then.as_of(at).explain(user.as_str(), duty, resource)?;
            let mut decisions: Vec<Responsible> = Vec::new();
            for said in explained.prevailing() {
                decisions.push(responsible(&then, &said.text, said.provenance.as_ref(), at));
            }
            let groups = explained.memberships.iter();
            for member in groups.filter(|member| leads_to(&then, member, &explained)) {
                let what = format!("member user:{user} {}", member.group.key);
                decisions.push(responsible(&then, &what, Some(&member.provenance), at));
            }
            decisions.sort_by(|a, b| a.what.cmp(&b.what));
            abilities.push(Ability {
                user: user.clone(),
                decisions,
            });
        }
        Ok(abilities)
    }

    /// How a user's access differs between two instants, each answered from what was known then.
    ///
    /// # Errors
    ///
    /// [`QuestionError`] if nobody of that key is known now, or there was no tenant yet.
    pub fn difference(
        &self,
        user: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Difference, QuestionError> {
        self.tenant().user(user)?;
        let (before, after) = (self.as_of(from)?, self.as_of(to)?);
        let mut difference = before.as_of(from).difference(after.as_of(to));
        difference.rows.retain(|row| row.user.key == user);
        Ok(difference)
    }
}

/// Whether a membership is of a group, or of one below it, that has said what decided.
fn leads_to(then: &Tenant, member: &Membership, explained: &Explanation) -> bool {
    let groups = &then.model.groups;
    let group = groups.find(&member.group.key);
    let above = group.into_iter().flat_map(|group| groups.upwards(group));
    let mut keys = above.map(|group| format!("group:{}", groups.key(group)));
    keys.any(|key| explained.prevailing().any(|said| said.holder.key == key))
}

fn responsible(then: &Tenant, what: &str, from: Option<&Provenance>, at: Timestamp) -> Responsible {
    let request = from.and_then(|from| from.request);
    let details = request.and_then(|request| then.as_of(at).request_details(request).ok());
    let approved = details.and_then(|details| details.approved);
    Responsible {
        what: what.into(),
        by: from.map(|from| from.by.clone()),
        made: from.and_then(|from| from.made),
        reason: from.and_then(|from| from.reason.clone()),
        approved: approved.map(|(at, user)| (at, user.clone())),
        certified: from.and_then(|from| from.certified.clone()),
    }
}
