//! Commands on requests and delegations (rule 6.1).

use alloc::vec::Vec;

use smallvec::smallvec;

use crate::command;
use crate::command::CommandKind;
use crate::command::Delegate;
use crate::command::Deny;
use crate::command::OfRequest;
use crate::command::Provision;
use crate::event::Change;
use crate::event::Changes;
use crate::event::Made;
use crate::event::Thing;
use crate::fault::Fault;
use crate::governance::Governed;
use crate::governance::request::Request;
use crate::governance::request::RequestChange;
use crate::governance::request::RequestState;
use crate::governance::request::Requests;
use crate::governance::request::Wanted;
use crate::id::RequestId;
use crate::ix::Place;
use crate::ix::UserIx;
use crate::machine::entry_thing;
use crate::machine::profile_thing;
use crate::model::Holder;
use crate::model::profile::Effect;
use crate::model::timeline::Timeline;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;
use crate::tenant::decide::refused;
use crate::tenant::resolve::Faults;
use crate::time::Duration;
use crate::time::TimeError;
use crate::time::Timestamp;
use crate::time::Window;

/// What something on the spot that a request asks for means to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It gives what is asked for.
    Gives,
    /// It takes it away.
    Takes,
    /// It does either, for some actions of the object.
    Level,
}

impl Deciding<'_> {
    pub(super) fn request(&self, row: &command::Request) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let beneficiary = match (&row.beneficiary, self.actor) {
            (Some(key), _) => faults.take("beneficiary", self.model.find_user(key.as_str())),
            (None, Some(actor)) => Some(actor),
            (None, None) => {
                faults.add(
                    "beneficiary",
                    wrong((
                        "the user for whom the host asks",
                        "el usuario para quien se pide",
                    )),
                );
                None
            }
        };
        let wanted = match (&row.on, &row.profile) {
            (Some(on), None) => faults
                .take("on", self.model.catalog.target(on))
                .map(Wanted::Target),
            (None, Some(profile)) => faults
                .take("profile", self.model.find_profile(profile.as_str()))
                .map(Wanted::Profile),
            (Some(_), Some(_)) => {
                faults.add(
                    "profile",
                    wrong(("either `on` or `profile`", "`on` o `profile`, no ambos")),
                );
                None
            }
            (None, None) => {
                faults.add(
                    "on",
                    wrong(("a field `on` or `profile`", "un campo `on` o `profile`")),
                );
                None
            }
        };
        let place = faults.take("scope", self.model.find_place(row.scope.as_ref()));
        let found = beneficiary.and_then(|user| Some((user, wanted?, place?)));
        let (beneficiary, wanted, place) = refused(found, faults)?;
        let until = self.end_of(row.until, row.lasting)?;
        self.in_order()?;
        let held = [self.revision_of(Holder::User(beneficiary))];
        self.current(held.into_iter().chain(self.revision_of_wanted(wanted)))?;
        let window = self.window(None, until)?;
        if self.is_held(beneficiary, wanted, place, window) {
            return Err(Refusal::AlreadyHeld);
        }
        let requests = &self.tenant.governance.requests;
        let mut open = requests.open(self.model, self.at());
        if open.any(|(_, other)| other.is_same(beneficiary, wanted, place)) {
            return Err(Refusal::DuplicateRequest);
        }
        let requester = self.actor.unwrap_or(beneficiary);
        if requests
            .approvers(self.model, beneficiary, requester, self.at())
            .is_none()
        {
            return Err(Refusal::NoApprover);
        }
        let key = |user: UserIx| {
            self.model
                .user_key(user)
                .cloned()
                .ok_or(Refusal::NoApprover)
        };
        Ok(smallvec![changed(RequestChange::Asked {
            request: requests.next(),
            beneficiary: key(beneficiary)?,
            requester: key(requester)?,
            what: wanted.thing(self.model, place),
            until: row.until,
            lasting: row.lasting,
            justification: row.justification.clone(),
            document: row.document.clone(),
        })])
    }

    pub(super) fn approve(&self, row: &OfRequest) -> Result<Changes, Refusal> {
        let request = self.find_request(row.request)?;
        self.in_order()?;
        let (approver, instead_of) = self.as_approver(request)?;
        self.current([request.revision].into_iter())?;
        self.in_state(request, &[RequestState::Requested])?;
        let key = |user: UserIx| self.model.user_key(user).cloned();
        Ok(smallvec![changed(RequestChange::Approved {
            request: row.request,
            by: key(approver).ok_or(Refusal::NotApprover)?,
            instead_of: instead_of.and_then(key),
        })])
    }

    pub(super) fn withdraw(&self, row: &OfRequest) -> Result<Changes, Refusal> {
        let request = self.find_request(row.request)?;
        self.in_order()?;
        if self.actor.is_some_and(|actor| actor != request.requester) {
            return Err(Refusal::NotRequester);
        }
        self.current([request.revision].into_iter())?;
        self.in_state(request, &[RequestState::Requested, RequestState::Approved])?;
        Ok(smallvec![changed(RequestChange::Withdrawn {
            request: row.request
        })])
    }

    pub(super) fn deny(&self, row: &Deny) -> Result<Changes, Refusal> {
        let request = self.find_request(row.request)?;
        self.in_order()?;
        if request.approval.is_some() {
            self.as_provisioner(request)?;
        } else {
            self.as_approver(request)?;
        }
        self.current([request.revision].into_iter())?;
        self.in_state(request, &[RequestState::Requested, RequestState::Approved])?;
        Ok(smallvec![changed(RequestChange::Denied {
            request: row.request,
            reason: row.reason.clone(),
        })])
    }

    pub(super) fn provision(&self, row: &Provision) -> Result<Changes, Refusal> {
        let request = self.find_request(row.request)?;
        let given = self.end_of(row.until, row.lasting)?;
        self.in_order()?;
        self.as_provisioner(request)?;
        let beneficiary = self.revision_of(Holder::User(request.beneficiary));
        self.current([request.revision, beneficiary].into_iter())?;
        self.window(None, given)?;
        self.in_state(request, &[RequestState::Approved])?;
        let asked = self.end_of(request.until, request.lasting)?;
        if asked.is_some_and(|asked| given.is_some_and(|given| given > asked)) {
            return Err(Refusal::LongerThanAsked);
        }
        let window = self.window(None, given.or(asked))?;
        let mut changes = self.replaced(request, window)?;
        changes.push(Change::Made(Made {
            holder: self.model.holder_key(Holder::User(request.beneficiary)),
            what: request.thing(self.model),
            window,
            reason: Some(request.justification.clone()),
            document: request.document.clone(),
            request: Some(row.request),
        }));
        changes.push(changed(RequestChange::Provisioned {
            request: row.request,
        }));
        Ok(changes)
    }

    pub(super) fn delegate(&self, row: &Delegate) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let department = faults.take(
            "department",
            self.model.find_department(row.department.as_str()),
        );
        let to = faults.take("to", self.model.find_user(row.to.as_str()));
        let found = department.and_then(|department| Some((department, to?)));
        let (department, to) = refused(found, faults)?;
        self.in_order()?;
        let head = self.model.head(department);
        if self.actor.is_some() && self.actor != head {
            return Err(Refusal::NotAuthorised {
                kind: self.kind,
                duties: Vec::new(),
            });
        }
        self.current([self.revision_of(Holder::User(to))].into_iter())?;
        let window = self.window(row.from, row.until)?;
        let enabled = self.model.user(to).is_some_and(|user| user.enabled);
        let giver = head
            .filter(|head| *head != to && enabled)
            .and_then(|head| self.model.user_key(head));
        Ok(smallvec![changed(RequestChange::Delegated {
            department: row.department.clone(),
            giver: giver.cloned().ok_or(Refusal::InvalidDelegate)?,
            to: row.to.clone(),
            window,
        })])
    }

    /// The end of something that begins now: an instant, or so long from now, or none.
    fn end_of(
        &self,
        until: Option<Timestamp>,
        lasting: Option<Duration>,
    ) -> Result<Option<Timestamp>, Refusal> {
        match (until, lasting) {
            (until, None) => Ok(until),
            (None, Some(lasting)) => match self.at().checked_add(lasting) {
                Some(end) => Ok(Some(end)),
                None => Err(Refusal::fault("for", TimeError::OutOfRange)),
            },
            (Some(_), Some(_)) => Err(Refusal::fault(
                "for",
                wrong(("either `until` or `for`", "`until` o `for`, no ambos")),
            )),
        }
    }

    fn requests(&self) -> &Requests {
        &self.tenant.governance.requests
    }

    fn find_request(&self, id: RequestId) -> Result<&Request, Refusal> {
        Ok(self.requests().find(id)?)
    }

    fn revision_of_wanted(&self, wanted: Wanted) -> Option<u64> {
        match wanted {
            Wanted::Target(_) => None,
            Wanted::Profile(profile) => self.profile_revision(profile),
        }
    }

    /// The actor as an approver of a request, and the head in whose place. The host never is one.
    fn as_approver(&self, request: &Request) -> Result<(UserIx, Option<UserIx>), Refusal> {
        let approvers = self
            .requests()
            .approvers_of(self.model, request, self.at())
            .ok_or(Refusal::NotApprover)?;
        let actor = self
            .actor
            .filter(|actor| approvers.includes(*actor))
            .ok_or(Refusal::NotApprover)?;
        let instead_of = (actor != approvers.head).then_some(approvers.head);
        Ok((actor, instead_of))
    }

    /// That the actor may provision a request: by duty at the root, for the command names no scope, and by being none
    /// of those who brought it about.
    fn as_provisioner(&self, request: &Request) -> Result<(), Refusal> {
        self.authorised_to(CommandKind::Provision, &[None])?;
        let independent = self
            .actor
            .is_none_or(|actor| self.requests().is_independent(request, actor, self.at()));
        if independent {
            Ok(())
        } else {
            Err(Refusal::NotIndependent)
        }
    }

    fn in_state(&self, request: &Request, states: &[RequestState]) -> Result<(), Refusal> {
        match request.state(self.model, self.at()) {
            RequestState::Lapsed => Err(Refusal::Lapsed),
            state if states.contains(&state) => Ok(()),
            state => Err(Refusal::WrongState {
                state: state.word(),
            }),
        }
    }

    /// Whether a beneficiary individually holds what is wanted, from now to the window's end.
    fn is_held(&self, beneficiary: UserIx, wanted: Wanted, place: Place, window: Window) -> bool {
        let holdings = self.model.holdings(Holder::User(beneficiary));
        match wanted {
            Wanted::Target(target) => {
                covers(&holdings.entries, &(target, place), window, |effect| {
                    standing(*effect) == Standing::Gives
                })
            }
            Wanted::Profile(profile) => {
                covers(&holdings.assignments, &(profile, place), window, |()| true)
            }
        }
    }

    /// Ends what provisioning replaces: what is shorter, and what takes away.
    fn replaced(&self, request: &Request, window: Window) -> Result<Changes, Refusal> {
        if self.is_held(request.beneficiary, request.wanted, request.place, window) {
            return Err(Refusal::AlreadyHeld);
        }
        let holder = Holder::User(request.beneficiary);
        let holdings = self.model.holdings(holder);
        match request.wanted {
            Wanted::Target(target) => {
                let spot = (target, request.place);
                self.replace(holder, &holdings.entries, &spot, window, |effect| {
                    (standing(*effect), entry_thing(self.model, spot, *effect))
                })
            }
            Wanted::Profile(profile) => {
                let key = (profile, request.place);
                let thing = profile_thing(self.model, key);
                self.replace(holder, &holdings.assignments, &key, window, |()| {
                    (Standing::Gives, thing.clone())
                })
            }
        }
    }

    fn replace<K: Ord + Clone, V>(
        &self,
        holder: Holder,
        timeline: &Timeline<K, V>,
        key: &K,
        window: Window,
        describe: impl Fn(&V) -> (Standing, Thing),
    ) -> Result<Changes, Refusal> {
        let mut changes = Changes::new();
        for held in timeline.clashes(key, window) {
            let (standing, what) = describe(&held.value);
            match standing {
                Standing::Gives if !is_shorter(held.window, window) => {
                    return Err(Refusal::AlreadyHeld);
                }
                Standing::Gives | Standing::Takes => changes.push(Change::Ended {
                    holder: self.model.holder_key(holder),
                    what,
                    before: held.window,
                    after: held.window.ended_at(self.at()),
                }),
                Standing::Level => return Err(Refusal::ConflictingEntry),
            }
        }
        Ok(changes)
    }
}

fn changed(change: RequestChange) -> Change {
    Change::Governed(Governed::Request(change))
}

fn wrong(wanted: (&str, &str)) -> Fault {
    Fault::WrongShape {
        wanted: wanted.into(),
    }
}

fn standing(effect: Effect) -> Standing {
    match effect {
        Effect::Grant { .. } => Standing::Gives,
        Effect::Revoke => Standing::Takes,
        Effect::Level { .. } => Standing::Level,
    }
}

/// Whether a window ends before another, or with it after having begun later.
fn is_shorter(window: Window, than: Window) -> bool {
    match (window.until(), than.until()) {
        (Some(_), None) => true,
        (Some(until), Some(than)) if until != than => until < than,
        (Some(_), Some(_)) | (None, None) => window.from() > than.from(),
        (None, Some(_)) => false,
    }
}

/// Whether what counts on a spot holds without a gap from a window's start to its end.
fn covers<K: Ord + Clone, V>(
    timeline: &Timeline<K, V>,
    key: &K,
    window: Window,
    counts: impl Fn(&V) -> bool,
) -> bool {
    let Some(mut reached) = window.from() else {
        return false;
    };
    for held in timeline.of(key).iter().filter(|held| counts(&held.value)) {
        if held.window.holds(reached) {
            match held.window.until() {
                Some(until) if window.until().is_none_or(|end| until < end) => reached = until,
                _ => return true,
            }
        }
    }
    false
}
