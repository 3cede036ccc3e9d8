//! Tickets, clocks and views.
//!
//! # 7. The helpdesk
//!
//! A [`Desk`](crate::helpdesk::Desk) is a tenant's tickets. It reads no clock and knows no tenant: who looks comes in
//! as a [`Viewer`](crate::helpdesk::Viewer), with the desk's duties that they hold at that instant. Whoever reported a
//! ticket, and holds the desk's *file* duty still, sees its public side; agents see all of every ticket; and for
//! everybody else there is none.
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
//! command finds it applied. [`Desk::advance`](crate::helpdesk::Desk::advance) lists what fell due, for a host that wants
//! to tell people.
//!
//! # 7.2 Clocks
//!
//! Targets come from the rule of a ticket's priority and category, or else of its priority. A clock counts the
//! seconds inside the calendar's spans and outside pauses: responding never pauses; updating and resolving pause
//! while a ticket waits for its reporter, is resolved or closed. Due is the first instant at which the target is used
//! up, and the second after it is overdue. Other rules recompute what runs, from its own start and with its own
//! pauses, and leave what has ended as it was.
//!
//! ```
//! use bailiwick::helpdesk::{Calendar, Category, ClockKind, Command, Desk, DeskSettings, Facts, OpenTicket, Priority};
//! use bailiwick::helpdesk::{Service, Sla, SlaRule, Viewer};
//!
//! let rule = SlaRule {
//!     priority: Priority::Urgent,
//!     category: None,
//!     respond: Some("30m".parse()?),
//!     update: None,
//!     resolve: Some("4h".parse()?),
//! };
//! let service = Service { calendar: Calendar::always(), sla: Sla::new([rule])? };
//! let mut desk = Desk::new(DeskSettings { service, ..DeskSettings::default() });
//! let ana = Viewer { may_file: true, ..Viewer::user("ana".parse()?) };
//! let open = Command::OpenTicket(OpenTicket {
//!     subject: "No network".into(),
//!     description: "The light is off".into(),
//!     category: Category::Network,
//!     priority: Priority::Urgent,
//!     reporter: None,
//! });
//! let facts = Facts { may_work: &|_| false, undecided: &|_| false };
//! let event = desk.decide("2026-01-05T09:00:00Z".parse()?, &ana, &open, &facts)?;
//! desk.apply(&event);
//! let ticket = event.ticket().expect("a ticket was opened");
//! let state = |at: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(desk.clock(&ana, at.parse()?, ticket, ClockKind::Respond)?.state.word())
//! };
//! assert_eq!(state("2026-01-05T09:10:00Z")?, "running");
//! assert_eq!(state("2026-01-05T09:24:00Z")?, "at-risk");
//! assert_eq!(state("2026-01-05T09:30:00Z")?, "at-risk");
//! assert_eq!(state("2026-01-05T09:30:01Z")?, "overdue");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 7.3 Access tickets
//!
//! The desk knows nothing of access control; a host has both. [`AsOf::viewer`](crate::AsOf::viewer) says who looks, by the
//! duties they hold at that instant. [`AsOf::request_for`](crate::AsOf::request_for) makes the command by which a ticket of
//! the category *access* asks for what its reporter needs; linked to the ticket, the request is shown with its state by
//! [`AsOf::requests_of`](crate::AsOf::requests_of), and the ticket is not resolved while it is undecided.
