//! What surrounds access: requests, campaigns, delegations, offboarding.

use crate::command::Record;
use crate::event::Change;
use crate::governance::campaign::CampaignChange;
use crate::governance::campaign::Campaigns;
use crate::governance::request::RequestChange;
use crate::governance::request::Requests;
use crate::id::UserKey;
use crate::machine::Context;
use crate::machine::Misfit;
use crate::model::Model;
use crate::policy::rows;

pub(crate) mod campaign;
pub(crate) mod chain;
pub(crate) mod request;
pub(crate) mod selection;

/// What became of a request, a campaign, a delegation or a record in the host's hands.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Governed {
    /// A request or a delegation.
    Request(RequestChange),
    /// A campaign.
    Campaign(CampaignChange),
    /// A leaver's record in the hands of the host or its helpdesk, which this moves nothing in by itself.
    Moved(Moved),
}

rows! {
    /// A record that names another from now on.
    pub struct Moved {
        /// The record.
        pub record: Record,
        /// Whom it named.
        pub from: UserKey,
        /// Whom it names now; absent: nobody.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub to: Option<UserKey>,
    }
}

/// The state of requests, campaigns and delegations.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Governance {
    pub(crate) requests: Requests,
    pub(crate) campaigns: Campaigns,
}

impl Governance {
    /// Takes in what a change of the model ends here: a delegation ends with its giver's headship (rule 6.1).
    pub(crate) fn follow(&mut self, change: &Change, model: &Model) {
        if let Change::HeadChanged {
            department,
            before,
            after,
        } = change
            && before != after
            && let Ok(department) = model.find_department(department.as_str())
        {
            self.requests.head_changed(department);
        }
    }

    /// Carries out one change.
    pub(crate) fn apply(
        &mut self,
        change: &Governed,
        model: &Model,
        context: &Context<'_>,
    ) -> Result<(), Misfit> {
        match change {
            Governed::Request(change) => self.requests.apply(change, model, context),
            Governed::Campaign(change) => self.campaigns.apply(change, model, context),
            Governed::Moved(_) => Ok(()),
        }
    }
}
