//! Requests for access and the delegations that decide them (rule 6.1): their state, and who may take which step.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::catalog::Target;
use crate::event::Thing;
use crate::governance::chain::heads_of;
use crate::id::Key;
use crate::id::Kind;
use crate::id::RequestId;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::ix::DepartmentIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::machine::Context;
use crate::machine::Misfit;
use crate::model::Model;
use crate::model::blocks::Blocks;
use crate::policy::Reach;
use crate::policy::words;
use crate::text::Text;
use crate::time::Duration;
use crate::time::Timestamp;
use crate::time::Window;

words! {
    /// The states of a request, in the order of its life; the last four are ends. Closed: the rule has these.
    RequestState {
        /// Waits for an approver.
        Requested = "requested": "requested", "solicitada",
        /// Waits for a provisioner.
        Approved = "approved": "approved", "aprobada",
        /// The access was given.
        Provisioned = "provisioned": "provisioned", "aplicada",
        /// Refused, with a reason.
        Denied = "denied": "denied", "denegada",
        /// Taken back by whoever asked.
        Withdrawn = "withdrawn": "withdrawn", "retirada",
        /// Its asked-for end has passed, or its profile was retired.
        Lapsed = "lapsed": "lapsed", "caducada",
    }
}

impl RequestState {
    /// Whether a step can still be taken.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Approved)
    }
}

/// What became of a request or a delegation.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum RequestChange {
    /// Access was asked for.
    Asked {
        /// The request's number.
        request: RequestId,
        /// For whom.
        beneficiary: UserKey,
        /// By whom, or for whom the host asked.
        requester: UserKey,
        /// The grant or the profile.
        what: Thing,
        /// Until when.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        until: Option<Timestamp>,
        /// For how long from provisioning.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        lasting: Option<Duration>,
        /// Why it is needed.
        justification: Text,
        /// The host's key of the document behind it.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        document: Option<Text>,
    },
    /// A request was approved.
    Approved {
        /// The request.
        request: RequestId,
        /// By whom.
        by: UserKey,
        /// The head in whose place a delegate approved.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        instead_of: Option<UserKey>,
    },
    /// A request was denied.
    Denied {
        /// The request.
        request: RequestId,
        /// Why.
        reason: Text,
    },
    /// A request was taken back.
    Withdrawn {
        /// The request.
        request: RequestId,
    },
    /// A request was carried out; what it made is a change of its own.
    Provisioned {
        /// The request.
        request: RequestId,
    },
    /// A request is another's from now on: whoever asked has left.
    PassedOn {
        /// The request.
        request: RequestId,
        /// Who asked.
        before: UserKey,
        /// Whose request it is now.
        after: UserKey,
    },
    /// A head named a delegate. An earlier delegation by the same head that overlaps ends where this one begins.
    Delegated {
        /// The department.
        department: Key,
        /// Its head.
        giver: UserKey,
        /// The delegate.
        to: UserKey,
        /// When.
        window: Window,
    },
    /// The delegations of a department to a user ended. Those by a head end with the headship, without a word.
    DelegationEnded {
        /// The department.
        department: Key,
        /// The delegate.
        to: UserKey,
    },
}

/// All requests and delegations of a tenant.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Requests {
    /// The request of number 1 first.
    all: Blocks<Request>,
    /// Those that were not ended by a step; some may have lapsed.
    open: Arc<BTreeSet<RequestId>>,
    delegations: Arc<Vec<Delegation>>,
}

/// One request.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Request {
    pub(crate) beneficiary: UserIx,
    pub(crate) requester: UserIx,
    pub(crate) wanted: Wanted,
    pub(crate) place: Place,
    pub(crate) until: Option<Timestamp>,
    pub(crate) lasting: Option<Duration>,
    pub(crate) justification: Text,
    pub(crate) document: Option<Text>,
    /// When it was asked for.
    pub(crate) at: Timestamp,
    /// The revision of that event.
    made: u64,
    /// As the last step left it: never `lapsed`, which the passing of time and of profiles brings.
    state: RequestState,
    /// When the last step was taken.
    pub(crate) since: Timestamp,
    pub(crate) approval: Option<Approval>,
    pub(crate) reason: Option<Text>,
    /// The revision of the last event that changed it.
    pub(crate) revision: u64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(crate) enum Wanted {
    Target(Target),
    Profile(ProfileIx),
}

/// Who approved a request.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Approval {
    pub(crate) by: UserIx,
    /// The head in whose place.
    pub(crate) instead_of: Option<UserIx>,
    pub(crate) at: Timestamp,
}

/// A head's word that another may approve as well.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Delegation {
    pub(crate) department: DepartmentIx,
    pub(crate) giver: UserIx,
    pub(crate) to: UserIx,
    pub(crate) window: Window,
}

/// Who may approve a request at an instant: the head, and the delegate if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Approvers {
    pub(crate) head: UserIx,
    pub(crate) delegate: Option<UserIx>,
}

impl Approvers {
    pub(crate) fn includes(self, user: UserIx) -> bool {
        self.head == user || self.delegate == Some(user)
    }
}

impl Request {
    /// Its state at an instant.
    pub(crate) fn state(&self, model: &Model, at: Timestamp) -> RequestState {
        if self.state.is_open() && self.has_lapsed(model, at) {
            RequestState::Lapsed
        } else {
            self.state
        }
    }

    fn has_lapsed(&self, model: &Model, at: Timestamp) -> bool {
        let retired = match self.wanted {
            Wanted::Target(_) => false,
            Wanted::Profile(profile) => model
                .profile(profile)
                .and_then(|profile| profile.retired_in)
                .is_some_and(|retired| retired > self.made),
        };
        retired || self.until.is_some_and(|until| until <= at)
    }

    /// Whether it asks for the same for the same user.
    pub(crate) fn is_same(&self, beneficiary: UserIx, wanted: Wanted, place: Place) -> bool {
        (self.beneficiary, self.wanted, self.place) == (beneficiary, wanted, place)
    }

    /// What is asked for, as events write it.
    pub(crate) fn thing(&self, model: &Model) -> Thing {
        self.wanted.thing(model, self.place)
    }
}

impl Wanted {
    pub(crate) fn thing(self, model: &Model, place: Place) -> Thing {
        let scope = place
            .and_then(|scope| model.scopes.get(scope.get()))
            .map(|branch| branch.key.clone());
        match self {
            Self::Target(target) => Thing::Grant {
                on: model.catalog.target_name(target),
                scope,
                reach: Reach::All,
                ceiling: None,
            },
            Self::Profile(profile) => Thing::Profile {
                profile: model.profile_name(profile),
                scope,
            },
        }
    }
}

impl Requests {
    /// The number of the next request.
    pub(crate) fn next(&self) -> RequestId {
        let count = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        RequestId(count.saturating_add(1))
    }

    pub(crate) fn get(&self, id: RequestId) -> Option<&Request> {
        self.all.get(at(id)?)
    }

    pub(crate) fn find(&self, id: RequestId) -> Result<&Request, Unknown> {
        self.get(id)
            .ok_or_else(|| Unknown::new(Kind::Request, &id.to_string(), []))
    }

    /// The open ones at an instant, oldest first.
    pub(crate) fn open<'a>(
        &'a self,
        model: &'a Model,
        at: Timestamp,
    ) -> impl Iterator<Item = (RequestId, &'a Request)> {
        let of = |id: &RequestId| Some((*id, self.get(*id)?));
        self.open
            .iter()
            .filter_map(of)
            .filter(move |(_, request)| request.state(model, at).is_open())
    }

    pub(crate) fn delegations(&self) -> impl Iterator<Item = &Delegation> {
        self.delegations.iter()
    }

    /// Who may approve what is asked for a beneficiary by a requester: worked out anew at each instant.
    pub(crate) fn approvers(
        &self,
        model: &Model,
        beneficiary: UserIx,
        requester: UserIx,
        at: Timestamp,
    ) -> Option<Approvers> {
        let barred = |user: UserIx| user == beneficiary || user == requester;
        let (department, head) = heads_of(model, beneficiary).find(|(_, head)| !barred(*head))?;
        let named = self.delegations.iter().find(|delegation| {
            delegation.department == department
                && delegation.giver == head
                && delegation.window.holds(at)
        });
        let able =
            |user: &UserIx| !barred(*user) && model.user(*user).is_some_and(|user| user.enabled);
        let delegate = named.map(|delegation| delegation.to).filter(able);
        Some(Approvers { head, delegate })
    }

    /// Who may approve a request.
    pub(crate) fn approvers_of(
        &self,
        model: &Model,
        request: &Request,
        at: Timestamp,
    ) -> Option<Approvers> {
        self.approvers(model, request.beneficiary, request.requester, at)
    }

    /// Whether a user is neither beneficiary, requester nor approver of a request, nor a delegate of one of these,
    /// nor the head in whose place it was approved.
    pub(crate) fn is_independent(&self, request: &Request, user: UserIx, at: Timestamp) -> bool {
        let approval = request.approval;
        let parties = [
            Some(request.beneficiary),
            Some(request.requester),
            approval.map(|approval| approval.by),
            approval.and_then(|approval| approval.instead_of),
        ];
        let by_delegation = |delegation: &Delegation| {
            delegation.to == user
                && delegation.window.holds(at)
                && parties.contains(&Some(delegation.giver))
        };
        !parties.contains(&Some(user)) && !self.delegations.iter().any(by_delegation)
    }

    /// Ends the delegations of a department whose head has changed.
    pub(crate) fn head_changed(&mut self, department: DepartmentIx) {
        if self
            .delegations
            .iter()
            .any(|of| of.department == department)
        {
            Arc::make_mut(&mut self.delegations).retain(|of| of.department != department);
        }
    }

    /// Carries out one change.
    pub(crate) fn apply(
        &mut self,
        change: &RequestChange,
        model: &Model,
        context: &Context<'_>,
    ) -> Result<(), Misfit> {
        let user = |key: &UserKey| model.find_user(key.as_str()).map_err(|_| Misfit);
        match change {
            RequestChange::Asked { .. } => self.ask(change, model, context),
            RequestChange::Approved {
                request,
                by,
                instead_of,
            } => {
                let approval = Approval {
                    by: user(by)?,
                    instead_of: instead_of.as_ref().map(user).transpose()?,
                    at: context.at,
                };
                let from = [RequestState::Requested];
                self.step(*request, &from, RequestState::Approved, model, context)?
                    .approval = Some(approval);
                Ok(())
            }
            RequestChange::Denied { request, reason } => {
                let from = [RequestState::Requested, RequestState::Approved];
                self.step(*request, &from, RequestState::Denied, model, context)?
                    .reason = Some(reason.clone());
                Ok(())
            }
            RequestChange::Withdrawn { request } => {
                let from = [RequestState::Requested, RequestState::Approved];
                self.step(*request, &from, RequestState::Withdrawn, model, context)
                    .map(drop)
            }
            RequestChange::Provisioned { request } => {
                let from = [RequestState::Approved];
                self.step(*request, &from, RequestState::Provisioned, model, context)
                    .map(drop)
            }
            RequestChange::PassedOn {
                request,
                before,
                after,
            } => {
                let (before, after) = (user(before)?, user(after)?);
                let request = self.open_mut(*request, model, context)?;
                if request.requester != before {
                    return Err(Misfit);
                }
                request.requester = after;
                request.revision = context.revision;
                Ok(())
            }
            RequestChange::Delegated {
                department,
                giver,
                to,
                window,
            } => {
                let department = model
                    .find_department(department.as_str())
                    .map_err(|_| Misfit)?;
                let (giver, to) = (user(giver)?, user(to)?);
                if model.head(department) != Some(giver) {
                    return Err(Misfit);
                }
                self.delegate(
                    Delegation {
                        department,
                        giver,
                        to,
                        window: *window,
                    },
                    context.at,
                );
                Ok(())
            }
            RequestChange::DelegationEnded { department, to } => {
                let department = model
                    .find_department(department.as_str())
                    .map_err(|_| Misfit)?;
                let to = user(to)?;
                let count = self.delegations.len();
                Arc::make_mut(&mut self.delegations)
                    .retain(|of| of.department != department || of.to != to);
                if self.delegations.len() == count {
                    return Err(Misfit);
                }
                Ok(())
            }
        }
    }

    /// Notes a new request.
    fn ask(
        &mut self,
        change: &RequestChange,
        model: &Model,
        context: &Context<'_>,
    ) -> Result<(), Misfit> {
        let RequestChange::Asked {
            request,
            beneficiary,
            requester,
            what,
            until,
            lasting,
            justification,
            document,
        } = change
        else {
            return Err(Misfit);
        };
        if *request != self.next() {
            return Err(Misfit);
        }
        let user = |key: &UserKey| model.find_user(key.as_str()).map_err(|_| Misfit);
        let (wanted, place) = wanted(model, what)?;
        self.all.push(Request {
            beneficiary: user(beneficiary)?,
            requester: user(requester)?,
            wanted,
            place,
            until: *until,
            lasting: *lasting,
            justification: justification.clone(),
            document: document.clone(),
            at: context.at,
            made: context.revision,
            state: RequestState::Requested,
            since: context.at,
            approval: None,
            reason: None,
            revision: context.revision,
        });
        Arc::make_mut(&mut self.open).insert(*request);
        Ok(())
    }

    /// Takes a step of a request from one of some states to another.
    fn step(
        &mut self,
        id: RequestId,
        from: &[RequestState],
        to: RequestState,
        model: &Model,
        context: &Context<'_>,
    ) -> Result<&mut Request, Misfit> {
        if self
            .get(id)
            .is_none_or(|request| !from.contains(&request.state))
        {
            return Err(Misfit);
        }
        self.open_mut(id, model, context)?;
        if !to.is_open() {
            Arc::make_mut(&mut self.open).remove(&id);
        }
        let request = self.open_mut(id, model, context)?;
        request.state = to;
        request.since = context.at;
        request.revision = context.revision;
        Ok(request)
    }

    /// A request that is open, to be changed.
    fn open_mut(
        &mut self,
        id: RequestId,
        model: &Model,
        context: &Context<'_>,
    ) -> Result<&mut Request, Misfit> {
        let request = at(id).and_then(|at| self.all.get_mut(at)).ok_or(Misfit)?;
        if request.state(model, context.at).is_open() {
            Ok(request)
        } else {
            Err(Misfit)
        }
    }

    /// Notes a delegation; those that have ended are forgotten, and what overlaps is ended where it begins.
    fn delegate(&mut self, new: Delegation, now: Timestamp) {
        let delegations = Arc::make_mut(&mut self.delegations);
        delegations.retain_mut(|old| {
            let same = old.department == new.department && old.giver == new.giver;
            if same && old.window.overlaps(new.window) {
                match old.window.ended_at(new.window.from().unwrap_or(now)) {
                    Some(left) => old.window = left,
                    None => return false,
                }
            }
            !old.window.has_ended(now)
        });
        delegations.push(new);
    }
}

/// The position of a request.
fn at(id: RequestId) -> Option<usize> {
    usize::try_from(id.0.checked_sub(1)?).ok()
}

/// What a thing that can be asked for is in a tenant's tables.
fn wanted(model: &Model, what: &Thing) -> Result<(Wanted, Place), Misfit> {
    let (wanted, scope) = match what {
        Thing::Grant { on, scope, .. } => {
            let target = model.catalog.target(on).map_err(|_| Misfit)?;
            (Wanted::Target(target), scope)
        }
        Thing::Profile { profile, scope } => {
            let profile = model.find_profile(profile.as_str()).map_err(|_| Misfit)?;
            (Wanted::Profile(profile), scope)
        }
        _ => return Err(Misfit),
    };
    let place = model.find_place(scope.as_ref()).map_err(|_| Misfit)?;
    Ok((wanted, place))
}
