//! What a desk answers to a question, as data.

use crate::document::answer::Answer;
use crate::document::answer::fields;
use crate::document::answer::texts;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::question::Due;
use crate::document::question::Queue;
use crate::document::question::Worked;
use crate::helpdesk::Desk;
use crate::helpdesk::Pills;
use crate::helpdesk::QueueFilter;
use crate::helpdesk::Reading;
use crate::helpdesk::Summary;
use crate::helpdesk::Tiles;
use crate::helpdesk::Viewer;
use crate::id::TicketId;
use crate::time::Timestamp;

pub(crate) fn ticket(desk: &Desk, viewer: &Viewer, at: Timestamp, id: TicketId) -> Answer {
    let Summary {
        status,
        priority,
        category,
        reporter,
        assignee,
        replies,
        notes,
        attachments,
        reopened,
        outcome,
        version,
        respond,
        update,
        resolve,
    } = desk.summary(viewer, at, id)?;
    Ok(fields([
        ("status", Some(Node::text(status))),
        ("priority", Some(Node::text(priority))),
        ("category", Some(Node::text(category))),
        ("reporter", Some(Node::text(reporter))),
        ("assignee", assignee.map(Node::text)),
        ("replies", Some(Node::count(replies))),
        ("notes", notes.map(Node::count)),
        ("attachments", Some(Node::count(attachments))),
        ("reopened", Some(Node::count(reopened))),
        ("outcome", outcome.map(Node::text)),
        ("version", Some(Node::Integer(version.into()))),
        ("respond", Some(reading(&respond))),
        ("update", Some(reading(&update))),
        ("resolve", Some(reading(&resolve))),
    ]))
}

fn reading(reading: &Reading) -> Node {
    fields([
        ("due", reading.due.map(Node::text)),
        ("state", Some(Node::text(reading.state))),
        (
            "used",
            Some(Node::Integer(reading.used.as_seconds().into())),
        ),
    ])
}

pub(crate) fn due(desk: &Desk, at: Timestamp, asked: &Due) -> Answer {
    let reading = desk.clock(&Viewer::system(), at, asked.ticket, asked.clock)?;
    Ok(reading.due.map_or_else(|| Node::text("none"), Node::text))
}

pub(crate) fn worked(desk: &Desk, asked: &Worked) -> Node {
    Node::Integer(desk.worked(asked.from, asked.to).as_seconds().into())
}

pub(crate) fn tiles(desk: &Desk, viewer: &Viewer, at: Timestamp) -> Node {
    let Tiles {
        total,
        open,
        my_queue,
        sla_overdue,
    } = desk.tiles(viewer, at);
    Node::table([
        ("total", Node::count(total)),
        ("open", Node::count(open)),
        ("my-queue", Node::count(my_queue)),
        ("sla-overdue", Node::count(sla_overdue)),
    ])
}

pub(crate) fn pills(desk: &Desk, viewer: &Viewer, at: Timestamp) -> Node {
    let Pills {
        open,
        triaged,
        in_progress,
        waiting_on_user,
        resolved,
        closed,
    } = desk.pills(viewer, at);
    Node::table([
        ("open", Node::count(open)),
        ("triaged", Node::count(triaged)),
        ("in-progress", Node::count(in_progress)),
        ("waiting-on-user", Node::count(waiting_on_user)),
        ("resolved", Node::count(resolved)),
        ("closed", Node::count(closed)),
    ])
}

pub(crate) fn queue(
    desk: &Desk,
    viewer: &Viewer,
    at: Timestamp,
    asked: &Queue,
    names: &Names,
) -> Node {
    let filter = QueueFilter {
        status: asked.status,
        category: asked.category,
        priority: asked.priority,
        mine: asked.mine.unwrap_or(false),
    };
    let queue = desk.queue(viewer, at, filter, 0, usize::MAX);
    texts(queue.into_iter().map(|ticket| names.of_ticket(ticket)))
}
