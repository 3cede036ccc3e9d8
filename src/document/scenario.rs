//! Scenarios: a policy, and steps with the answers that are expected of it.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::command::CommandKind;
use crate::document::command::one_command;
use crate::document::command::verb;
use crate::document::node::Node;
use crate::document::order;
use crate::document::question::QuestionKind;
use crate::document::question::asked;
use crate::document::question::no_question;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Row;
use crate::document::reader::Source;
use crate::document::whole::Document;
use crate::fault::Fault;
use crate::fault::Mistake;
use crate::fault::Mistakes;
use crate::id::Actor;
use crate::tenant::Tenant;
use crate::text::Phrase;
use crate::time::Timestamp;

/// A policy and steps with expected answers: how a host tests its policy before it goes live.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) name: String,
    pub(crate) document: Document,
    pub(crate) tenant: Tenant,
    pub(crate) steps: Vec<Step>,
}

/// One step: a command or a question, at an instant, and what is expected.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    /// Who acts; nothing where the document names nobody that could.
    pub(crate) by: Option<Actor>,
    pub(crate) deed: Deed,
    /// What a thing that the step creates is called from then on.
    pub(crate) name: Option<String>,
    pub(crate) expect: Node,
}

/// What a step does or asks. Its fields are read when its turn comes: what is wrong with them is its answer.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Do(CommandKind, Node),
    Ask(QuestionKind, Node),
}

/// The fields of a scenario.
const SCENARIO: [&str; 4] = ["name", "policy", "policy-file", "steps"];

/// The fields of a step.
const STEP: [&str; 6] = ["at", "by", "do", "ask", "expect", "as"];

impl Scenario {
    /// Whether a tree is meant as a scenario, rather than as a policy document.
    #[must_use]
    pub fn is_meant(node: &Node) -> bool {
        SCENARIO
            .iter()
            .skip(1)
            .any(|field| node.get(field).is_some())
    }

    /// Reads a scenario. `resolve` turns the name of a policy file into a tree: the library opens no file.
    ///
    /// # Errors
    ///
    /// Every [`Mistake`] that makes it unreadable as a scenario, in the order of the document: those of an inline
    /// policy under `policy`, those of a policy file with their own paths. What is wrong with the fields of a
    /// command or a question is not among them: it is that step's answer.
    pub fn from_node(
        node: &Node,
        resolve: impl FnOnce(&str) -> Result<Node, Mistake>,
    ) -> Result<Self, Mistakes> {
        let reader = Reader::new(Source::Document, None);
        let Some(row) = reader.row(node, "", &SCENARIO) else {
            return Err(Mistakes::of(reader.finish()));
        };
        let name = row.read::<Option<String>>("name").flatten();
        let name = name.unwrap_or_default();
        let steps = read_steps(&row);
        let policy = Self::policy(node, resolve);
        let mut mistakes = reader.finish();
        let inline = node.get("policy").is_some();
        let loaded = match policy {
            Err(found) => {
                mistakes.extend(found);
                None
            }
            Ok(policy) => Document::load(&policy, &name)
                .map_err(|found| {
                    mistakes.extend(found.into_iter().map(|mistake| {
                        if inline {
                            within("policy", mistake)
                        } else {
                            mistake
                        }
                    }));
                })
                .ok(),
        };
        order::sort(&mut mistakes, node);
        match loaded {
            Some((document, tenant)) if mistakes.is_empty() => Ok(Self {
                name,
                document,
                tenant,
                steps,
            }),
            _ => Err(Mistakes::of(mistakes)),
        }
    }

    /// The tree of a scenario's policy: its own, or the one that its `policy-file` resolves to.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if it has neither or both, and what `resolve` finds.
    pub fn policy(
        node: &Node,
        resolve: impl FnOnce(&str) -> Result<Node, Mistake>,
    ) -> Result<Node, Mistakes> {
        let wrong = |path: &str, wanted: (&str, &str)| {
            Mistakes::from(Mistake {
                path: path.into(),
                fault: Fault::WrongShape {
                    wanted: wanted.into(),
                },
            })
        };
        match (node.get("policy"), node.get("policy-file")) {
            (Some(policy), None) => Ok(policy.clone()),
            (None, Some(Node::Text(file))) => resolve(file).map_err(Mistakes::from),
            (None, Some(_)) => Err(wrong(
                "policy-file",
                (
                    "the name of a policy document",
                    "el nombre de un documento de política",
                ),
            )),
            (Some(_), Some(_)) => Err(wrong(
                "policy-file",
                (
                    "either `policy` or `policy-file`",
                    "`policy` o `policy-file`, no ambos",
                ),
            )),
            (None, None) => Err(wrong(
                "policy",
                (
                    "a field `policy` or `policy-file`",
                    "un campo `policy` o `policy-file`",
                ),
            )),
        }
    }

    /// Its name; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is founded on.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// How many steps it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it has no steps.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// The same mistake, seen from outside of a field.
fn within(field: &str, mistake: Mistake) -> Mistake {
    let path = match mistake.path.as_str() {
        "" => field.to_string(),
        path => format!("{field}.{path}"),
    };
    Mistake { path, ..mistake }
}

fn read_steps(row: &Row<'_>) -> Vec<Step> {
    let steps: Vec<Step> = row.read("steps").unwrap_or_default();
    let mut latest = None;
    for (n, step) in steps.iter().enumerate() {
        let at = format!("steps[{}].at", row.reader.place("steps", n));
        if row.reader.is_wrong(&at) {
            continue;
        }
        if latest.is_some_and(|latest| step.at < latest) {
            let wanted = (
                "an instant not before the step above",
                "un instante no anterior al paso previo",
            )
                .into();
            row.reader.report(&at, Fault::WrongShape { wanted });
        }
        latest = Some(step.at);
    }
    steps
}

impl Read for Step {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let row = reader.row(node, path, &STEP)?;
        let at = row.read("at");
        let by: Option<Option<String>> = row.read("by");
        let given: Option<Option<String>> = row.read("as");
        let (deed, inner) = read_deed(&row)?;
        row.sound()?;
        Some(Self {
            at: at?,
            by: match by? {
                None => Some(Actor::System),
                Some(by) => Actor::new(&by).ok(),
            },
            deed,
            name: given?.or(inner),
            expect: row.find("expect").cloned().unwrap_or(Node::text("ok")),
        })
    }
}

/// What a step does or asks, and the name that stands inside of a command.
fn read_deed(row: &Row<'_>) -> Option<(Deed, Option<String>)> {
    let wrong = |field: &str, wanted: Phrase| row.reader.wanted(&row.at(field), wanted);
    match (row.find("do"), row.find("ask")) {
        (Some(command), None) => {
            let (command, outer) = without_name(command);
            let Some((word, fields)) = verb(&command) else {
                return wrong("do", one_command());
            };
            let kind: CommandKind = match word.parse() {
                Ok(kind) => kind,
                Err(unknown) => return row.reader.note(&row.at("do"), unknown),
            };
            let (fields, inner) = if creates(kind) {
                without_name(fields)
            } else {
                (fields.clone(), None)
            };
            Some((Deed::Do(kind, fields), outer.or(inner)))
        }
        (None, Some(question)) => match asked(question) {
            Some((kind, fields)) => Some((Deed::Ask(kind, fields.clone()), None)),
            None => wrong("ask", no_question(question)),
        },
        (Some(_), Some(_)) => wrong(
            "ask",
            ("either `do` or `ask`", "`do` o `ask`, no ambos").into(),
        ),
        (None, None) => wrong(
            "do",
            ("a field `do` or `ask`", "un campo `do` o `ask`").into(),
        ),
    }
}

/// Whether a command of that kind creates something that has a number.
fn creates(kind: CommandKind) -> bool {
    matches!(
        kind,
        CommandKind::Request
            | CommandKind::OpenCampaign
            | CommandKind::OpenTicket
            | CommandKind::FollowUp
    )
}

/// A table without the name that it gives to what it creates, and that name.
fn without_name(node: &Node) -> (Node, Option<String>) {
    let mut node = node.clone();
    let mut name = None;
    if let Node::Table(pairs) = &mut node {
        pairs.retain(|(field, value)| match (field.as_str(), value) {
            ("as", Node::Text(text)) => {
                name = Some(text.clone());
                false
            }
            _ => true,
        });
    }
    (node, name)
}
