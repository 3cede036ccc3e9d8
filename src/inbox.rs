//! Questions about requests: their state, who can take the next step, what is stuck.

use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::command::CommandKind;
use crate::decision::Ref;
use crate::decision::may_command;
use crate::event::Thing;
use crate::governance::request::Request;
use crate::governance::request::RequestState;
use crate::governance::request::Requests;
use crate::id::Kind;
use crate::id::RequestId;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::text::Text;
use crate::time::Duration;
use crate::time::Timestamp;

/// A request at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRequest<'a> {
    /// Its number.
    pub request: RequestId,
    /// Its state.
    pub state: RequestState,
    /// For whom.
    pub beneficiary: &'a UserKey,
    /// By whom.
    pub requester: &'a UserKey,
    /// The grant or the profile.
    pub what: Thing,
    /// Until when.
    pub until: Option<Timestamp>,
    /// For how long from provisioning.
    pub lasting: Option<Duration>,
    /// Why it is needed.
    pub justification: &'a Text,
    /// The host's key of the document behind it.
    pub document: Option<&'a Text>,
    /// When it was asked for.
    pub asked: Timestamp,
    /// When it was approved, and by whom.
    pub approved: Option<(Timestamp, &'a UserKey)>,
    /// The head in whose place a delegate approved it.
    pub instead_of: Option<&'a UserKey>,
    /// When the last step was taken.
    pub since: Timestamp,
    /// Why it was denied.
    pub reason: Option<&'a Text>,
}

/// An open request, and whose step is next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The request.
    pub request: RequestId,
    /// Its state: requested or approved.
    pub state: RequestState,
    /// Since when it waits.
    pub since: Timestamp,
    /// Who can approve or provision it now, sorted by key; nobody, where it is stuck.
    pub waits_for: Vec<&'a UserKey>,
}

impl<'a> AsOf<'a> {
    /// The state of a request (rule 6.1).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if there is no such request.
    pub fn request(self, request: RequestId) -> Result<RequestState, QuestionError> {
        Ok(self.find_request(request)?.state(self.model, self.at))
    }

    /// Everything about a request.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if there is no such request.
    pub fn request_details(self, request: RequestId) -> Result<AccessRequest<'a>, QuestionError> {
        let found = self.find_request(request)?;
        let missing = || QuestionError::from(no_request(request));
        let key = |user| self.model.user_key(user).ok_or_else(missing);
        let approved = found
            .approval
            .map(|approval| Ok((approval.at, key(approval.by)?)));
        let instead_of = found.approval.and_then(|approval| approval.instead_of);
        Ok(AccessRequest {
            request,
            state: found.state(self.model, self.at),
            beneficiary: key(found.beneficiary)?,
            requester: key(found.requester)?,
            what: found.thing(self.model),
            until: found.until,
            lasting: found.lasting,
            justification: &found.justification,
            document: found.document.as_ref(),
            asked: found.at,
            approved: approved.transpose().map_err(|error: QuestionError| error)?,
            instead_of: instead_of.map(key).transpose()?,
            since: found.since,
            reason: found.reason.as_ref(),
        })
    }

    /// The open requests that the user can approve or provision now, oldest first (rule 6.1).
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn inbox<'k>(
        self,
        user: impl Into<Ref<'k, UserId>>,
    ) -> Result<Vec<RequestId>, QuestionError> {
        let user = self.user(user.into())?;
        let enabled = self.model.user(user).is_some_and(|user| user.enabled);
        let next = |(_, request): &(RequestId, &Request)| enabled && self.can_take(request, user);
        Ok(self
            .open_requests()
            .filter(next)
            .map(|(id, _)| id)
            .collect())
    }

    /// The requests that wait for approval and that nobody can approve, oldest first (rule 6.1).
    #[must_use]
    pub fn stuck(self) -> Vec<RequestId> {
        let stuck = |(_, request): &(RequestId, &Request)| {
            request.state(self.model, self.at) == RequestState::Requested
                && self.approvers(request).is_empty()
        };
        self.open_requests()
            .filter(stuck)
            .map(|(id, _)| id)
            .collect()
    }

    /// All open requests, oldest first: whose step is next, and since when.
    #[must_use]
    pub fn waiting(self) -> Vec<Waiting<'a>> {
        let waiting = |(id, request): (RequestId, &'a Request)| {
            let state = request.state(self.model, self.at);
            let able = if state == RequestState::Requested {
                self.approvers(request)
            } else {
                let users = self.model.all_users().map(|(ix, _)| ix);
                users.filter(|user| self.can_take(request, *user)).collect()
            };
            let able = able
                .into_iter()
                .filter_map(|user| self.model.user_key(user));
            let mut waits_for: Vec<&UserKey> = able.collect();
            waits_for.sort_unstable();
            Waiting {
                request: id,
                state,
                since: request.since,
                waits_for,
            }
        };
        self.open_requests().map(waiting).collect()
    }

    fn every_request(self) -> Option<&'a Requests> {
        self.governance.map(|governance| &governance.requests)
    }

    fn open_requests(self) -> impl Iterator<Item = (RequestId, &'a Request)> {
        let open = self
            .every_request()
            .map(|requests| requests.open(self.model, self.at));
        open.into_iter().flatten()
    }

    pub(crate) fn find_request(self, request: RequestId) -> Result<&'a Request, Unknown> {
        match self.every_request() {
            Some(requests) => requests.find(request),
            None => Err(no_request(request)),
        }
    }

    fn approvers(self, request: &Request) -> Vec<UserIx> {
        let approvers = self
            .every_request()
            .and_then(|requests| requests.approvers_of(self.model, request, self.at));
        let both = approvers.map(|approvers| [Some(approvers.head), approvers.delegate]);
        both.into_iter().flatten().flatten().collect()
    }

    /// Whether the next step of an open request is one that the user can take.
    fn can_take(self, request: &Request, user: UserIx) -> bool {
        if request.state(self.model, self.at) == RequestState::Requested {
            return self.approvers(request).contains(&user);
        }
        let independent = self
            .every_request()
            .is_some_and(|requests| requests.is_independent(request, user, self.at));
        independent && may_command(self.model, user, CommandKind::Provision, None, self.at)
    }
}

fn no_request(request: RequestId) -> Unknown {
    Unknown::new(Kind::Request, &alloc::format!("{request}"), [])
}
