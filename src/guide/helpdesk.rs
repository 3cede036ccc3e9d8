//! Tickets, clocks and views.
//!
//! # 7. The helpdesk
//!
//! A [`Desk`](crate::helpdesk::Desk) is a tenant's tickets. It reads no clock and knows no tenant: who looks comes in
//! as a [`Viewer`](crate::helpdesk::Viewer), with the desk's duties that they hold at that instant. Whoever reported a
//! ticket, and holds the desk's *file* duty still, sees its public side; agents see all of every ticket; and for
//! everybody else there is none.
//!
//! A host makes tenant and desk from one document. It gives the desk's commands by way of the tenant
//! ([`Tenant::decide_at_desk`](crate::Tenant::decide_at_desk)), which knows who acts and what else a decision needs;
//! who only looks is a viewer ([`AsOf::viewer`](crate::AsOf::viewer)).
//!
//! ```
//! use bailiwick::document::Document;
//! use bailiwick::helpdesk::{Category, ClockKind, Command, Desk, Event, OpenTicket, Priority, ReplyTo};
//! use bailiwick::{Actor, Tenant, Timestamp};
//! type Failure = Box<dyn std::error::Error>;
//!
//! /// Carries a command out at the desk.
//! fn carry_out(tenant: &Tenant, desk: &mut Desk, at: &str, by: &Actor, command: &Command) -> Result<Event, Failure> {
//!     let event = tenant.decide_at_desk(desk, at.parse()?, by, command)?;
//!     // Here the host stores the event, in a log of its own: a journal holds a tenant's events alone. `Desk::replay`
//!     // makes the desk again from its settings and all events, and says which one is missing or was changed.
//!     desk.apply(&event);
//!     Ok(event)
//! }
//!
//! let document = Document::from_toml(r#"
//!     duty = [{ key = "it.desk.file" }, { key = "it.desk.work" }]
//!     user = [{ key = "ana" }, { key = "ben" }, { key = "ivo" }]
//!     grant = [{ holder = "everyone", on = "it.desk.file" }, { holder = "user:ivo", on = "it.desk.work" }]
//!     helpdesk = { file = "it.desk.file", work = "it.desk.work" }
//!     sla = [{ priority = "urgent", respond = "30m", resolve = "4h" }]
//! "#)?;
//! let tenant = Tenant::found(&document.policy)?;
//! let mut desk = Desk::new(document.desk);
//!
//! let (ana, ben, ivo) = (Actor::new("user:ana")?, Actor::new("user:ben")?, Actor::new("user:ivo")?);
//! let open = Command::OpenTicket(OpenTicket {
//!     subject: "No network".into(),
//!     description: "The light is off".into(),
//!     category: Category::Network,
//!     priority: Priority::Urgent,
//!     reporter: None,
//! });
//! let opened = carry_out(&tenant, &mut desk, "2026-01-05T09:00:00Z", &ana, &open)?;
//! let ticket = opened.ticket().expect("a ticket was opened");
//!
//! let respond = |desk: &Desk, at: &str| -> Result<_, Failure> {
//!     let at: Timestamp = at.parse()?;
//!     let viewer = tenant.as_of(at).viewer(&ana)?;
//!     Ok(desk.clock(&viewer, at, ticket, ClockKind::Respond)?.state.word())
//! };
//! // If nobody answers …
//! assert_eq!(respond(&desk, "2026-01-05T09:10:00Z")?, "running");
//! assert_eq!(respond(&desk, "2026-01-05T09:24:00Z")?, "at-risk");
//! assert_eq!(respond(&desk, "2026-01-05T09:30:00Z")?, "at-risk");
//! assert_eq!(respond(&desk, "2026-01-05T09:30:01Z")?, "overdue");
//! // … but somebody does. For Ben, who is no agent, there is no such ticket; Ivo's reply takes it up.
//! let body = "On my way".into();
//! let reply = Command::Reply(ReplyTo { ticket, body, version: None, automatic: false, no_reopen: false });
//! let refused = carry_out(&tenant, &mut desk, "2026-01-05T09:15:00Z", &ben, &reply).unwrap_err();
//! assert_eq!(refused.to_string(), "unknown ticket `1`");
//! carry_out(&tenant, &mut desk, "2026-01-05T09:20:00Z", &ivo, &reply)?;
//! assert_eq!(respond(&desk, "2026-01-05T09:30:01Z")?, "met");
//! # Ok::<(), Failure>(())
//! ```
//!
//! # 7.1 The transition table
//!
//! | # | from | to | by | condition | effect |
//! |---|---|---|---|---|---|
//! | 1 | – | open | filer | holds the file duty; subject, description, category and priority given | respond and resolve start |
//! | 2 | open | triaged | agent |  |  |
//! | 3 | open, triaged | in-progress | agent | by `move`; the assignee, or else the agent, can work tickets | the agent becomes the assignee if there is none |
//! | 4 | open, triaged | in-progress | agent | by `reply`, the first public one of an agent who is not the reporter | respond is met |
//! | 5 | in-progress | triaged | agent |  |  |
//! | 6 | open, triaged, in-progress | waiting-on-user | agent | a public reply in this command, or one since the reporter's last message | respond is met; resolve and update pause |
//! | 7 | waiting-on-user | in-progress | reporter | the reply is not marked automatic | resolve runs on; update starts at that message |
//! | 8 | waiting-on-user | in-progress | agent |  | resolve runs on |
//! | 9 | waiting-on-user | resolved | the passing of time | give-up has passed | resolve ended when the waiting began |
//! | 10 | open, triaged, in-progress, waiting-on-user | resolved | agent | a resolution text; no linked access request is undecided | respond and update are met if they were not; resolve ends |
//! | 11 | open, triaged | resolved | reporter |  | left out of service figures |
//! | 12 | resolved | in-progress | reporter, agent | a reply not marked automatic or no-reopen, or a reason | resolve runs on, the time since resolving left out |
//! | 13 | resolved | closed | reporter, agent, the passing of time | by hand, or close-after has passed |  |
//! | 14 | closed | in-progress | supervisor | a reason; reopen-within has not passed | resolve runs on, the time since resolving left out |
//! | 15 | open, triaged, in-progress, waiting-on-user, resolved | closed | agent | the other is the same reporter's, another one, and not closed | the clocks end uncounted |
//!
//! The same as a diagram, each step with its row and who takes it:
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> open: 1 filer
//!     open --> triaged: 2 agent
//!     open --> in_progress: 3 agent
//!     triaged --> in_progress: 3 agent
//!     open --> in_progress: 4 agent
//!     triaged --> in_progress: 4 agent
//!     in_progress --> triaged: 5 agent
//!     open --> waiting_on_user: 6 agent
//!     triaged --> waiting_on_user: 6 agent
//!     in_progress --> waiting_on_user: 6 agent
//!     waiting_on_user --> in_progress: 7 reporter
//!     waiting_on_user --> in_progress: 8 agent
//!     waiting_on_user --> resolved: 9 the passing of time
//!     open --> resolved: 10 agent
//!     triaged --> resolved: 10 agent
//!     in_progress --> resolved: 10 agent
//!     waiting_on_user --> resolved: 10 agent
//!     open --> resolved: 11 reporter
//!     triaged --> resolved: 11 reporter
//!     resolved --> in_progress: 12 reporter, agent
//!     resolved --> closed: 13 reporter, agent, the passing of time
//!     closed --> in_progress: 14 supervisor
//!     open --> closed: 15 agent
//!     triaged --> closed: 15 agent
//!     in_progress --> closed: 15 agent
//!     waiting_on_user --> closed: 15 agent
//!     resolved --> closed: 15 agent
//! ```
//!
//! `system` may take every step. What is refused is refused for the first of these reasons: the viewer does not see
//! the ticket; the version is stale; it is closed; there is no such step for anybody; it is not the viewer's; a
//! condition is not met; a text is blank or too long.
//!
//! Rows 3 and 4 lead the same way. A `reply` names no status: the first one by an agent takes a ticket up by itself
//! (row 4). A `move` names the one that it leads to, and takes the row of that status whether or not a text to the
//! reporter comes with it: to take a ticket up is row 3, to wait is row 6. With such a text it meets responding too;
//! without one, a `move` to *in-progress* does not.
//!
//! Rows 9 and 13 happen by the passing of time. Nothing sweeps: a question sees what was due by its instant, and a
//! command finds it applied. [`Desk::advance`](crate::helpdesk::Desk::advance) lists what fell due, for a host that
//! wants to tell people.
//!
//! # 7.2 Clocks
//!
//! Targets come from the rule of a ticket's priority and category, or else of its priority. A clock counts the
//! seconds inside the calendar's spans and outside pauses: responding never pauses; updating and resolving pause
//! while a ticket waits for its reporter, is resolved or closed. Due is the first instant at which the target is used
//! up, and the second after it is overdue. Other rules recompute what runs, from its own start and with its own
//! pauses, and leave what has ended as it was. The example above asks a clock before, at and after its due.
//!
//! # 7.3 Access tickets
//!
//! The desk knows nothing of access control. [`AsOf::request_for`](crate::AsOf::request_for) makes the command by which
//! a ticket of the category *access* asks for what its reporter needs; linked to the ticket, the request is shown with
//! its state by [`AsOf::requests_of`](crate::AsOf::requests_of), and the ticket is not resolved while it is undecided.
//! [`Tenant::decide_at_desk`](crate::Tenant::decide_at_desk) asks the tenant whether it is; a snapshot would not know.
