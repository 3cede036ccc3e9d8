//! A replica in another process: state and events go there as lines of text, and it answers as the tenant does here.

use crate::following::played;
use bailiwick::Event;
use bailiwick::HashKey;
use bailiwick::Replica;
use bailiwick::ReplicaError;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::SnapshotOptions;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write as _;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

/// Set where this very test is to be the replica.
const HERE: &str = "BAILIWICK_REPLICA";
const TEST: &str = "elsewhere::a_replica_in_another_process_answers_as_the_tenant";
/// What a reply starts with: a test's process says other things too.
const REPLY: &str = "replica: ";

/// Everything that can be asked about everyone at an instant, as text.
fn answers(tenant: &Tenant, snapshot: &Snapshot, at: Timestamp) -> String {
    let stored = serde_json::to_value(tenant).unwrap();
    let keys = |list: &Value| -> Vec<String> {
        let key = |row: &Value| row["key"].as_str().unwrap_or_default().to_owned();
        list.as_array().unwrap().iter().map(key).collect()
    };
    let duties = keys(&stored["model"]["catalog"]["duties"]);
    let scopes = keys(&stored["model"]["scopes"]);
    let places: Vec<Option<&str>> = [None]
        .into_iter()
        .chain(scopes.iter().map(|scope| Some(scope.as_str())))
        .collect();
    let asked = snapshot.as_of(at);
    let mut text = String::new();
    for user in asked.users() {
        let user = user.as_str();
        let _ = write!(text, "{user} {:?}", asked.seat(user));
        for (place, associated) in places
            .iter()
            .flat_map(|place| [(place, false), (place, true)])
        {
            let resource = Resource {
                scope: place.map(Into::into),
                associated,
                ..Resource::default()
            };
            let scope = place.map(Into::into);
            let _ = write!(text, " {:?}", asked.effective(user, scope, associated));
            for duty in &duties {
                let duty = duty.as_str();
                let _ = write!(
                    text,
                    " {:?} {:?} {:?}",
                    asked.check(user, duty, &resource),
                    asked.until(user, duty, &resource),
                    asked.because(user, duty, &resource),
                );
            }
        }
        for duty in &duties {
            let _ = write!(text, " {:?}", asked.filter(user, duty.as_str()));
        }
    }
    for duty in &duties {
        let able = asked.who_can(duty.as_str(), &Resource::default());
        let _ = write!(text, " {duty} {able:?}");
    }
    text
}

/// What the replica does: a line in, a line out.
fn follow_lines() {
    let mut replica: Option<Replica> = None;
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (word, rest) = line.split_once(' ').unwrap();
        let reply = match (word, replica.as_mut()) {
            ("state", _) => {
                let (at, state) = rest.split_once(' ').unwrap();
                let options = SnapshotOptions {
                    hash_key: Some(HashKey::new(*b"another's secret")),
                };
                let tenant = serde_json::from_str(state).unwrap();
                let new = Replica::new(tenant, at.parse().unwrap(), &options);
                let revision = new.revision();
                replica = Some(new);
                format!("at {revision}")
            }
            ("event", Some(replica)) => {
                let event: Event = serde_json::from_str(rest).unwrap();
                match replica.follow([&event]) {
                    Ok(()) => format!("at {}", replica.revision()),
                    Err(error) => told(&error),
                }
            }
            ("at-least", Some(replica)) => match replica.at_least(rest.parse().unwrap()) {
                Ok(snapshot) => format!("at {}", snapshot.revision()),
                Err(error) => told(&error),
            },
            ("ask", Some(replica)) => {
                answers(replica.tenant(), replica.snapshot(), rest.parse().unwrap())
            }
            ("state-of", Some(replica)) => serde_json::to_string(replica.tenant()).unwrap(),
            other => panic!("{other:?}"),
        };
        println!("\n{REPLY}{reply}");
    }
}

fn told(error: &ReplicaError) -> String {
    match error {
        ReplicaError::MissedEvents { at, got } => format!("missed-events at {at} got {got}"),
        ReplicaError::Behind { at, wanted } => format!("behind at {at} wanted {wanted}"),
        other => other.code().to_owned(),
    }
}

/// The process in which the replica is.
struct Elsewhere {
    process: Child,
    replies: BufReader<ChildStdout>,
}

impl Elsewhere {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", TEST, "--nocapture"])
            .env(HERE, "yes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        assert_ne!(process.id(), std::process::id());
        let replies = BufReader::new(process.stdout.take().unwrap());
        Self { process, replies }
    }

    fn tell(&mut self, word: &str, rest: &str) -> String {
        let stdin = self.process.stdin.as_mut().unwrap();
        writeln!(stdin, "{word} {rest}").unwrap();
        stdin.flush().unwrap();
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(
                self.replies.read_line(&mut line).unwrap(),
                0,
                "{word} got no reply"
            );
            if let Some(reply) = line.strip_prefix(REPLY) {
                return reply.trim_end().to_owned();
            }
        }
    }

    /// It goes away without warning.
    fn fail(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn finish(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().unwrap().success());
    }
}

#[test]
fn a_replica_in_another_process_answers_as_the_tenant() {
    if std::env::var(HERE).is_ok() {
        return follow_lines();
    }
    let mut followed = 0;
    for seed in 200..206 {
        let (mut tenant, commands) = played(seed, 12);
        let Some((first, ..)) = commands.first() else {
            continue;
        };
        let state = |tenant: &Tenant, at: Timestamp| {
            format!("{at} {}", serde_json::to_string(tenant).unwrap())
        };
        let founded = state(&tenant, *first);
        // After each event: its line, its instant, and all answers as the tenant itself gives them.
        let mut steps: Vec<(String, Timestamp, String)> = Vec::new();
        let mut halfway = None;
        for (at, by, command) in &commands {
            if let Ok(event) = tenant.execute(&Stamp::new(*at, by.clone()), command) {
                let anew = tenant.snapshot(*at, &SnapshotOptions::default());
                assert_eq!(anew.revision(), steps.len() as u64 + 1);
                let line = serde_json::to_string(&event).unwrap();
                steps.push((line, *at, answers(&tenant, &anew, *at)));
                if steps.len() == 5 {
                    halfway = Some(state(&tenant, *at));
                }
            }
        }
        assert!(steps.len() > 8, "{seed}: {}", steps.len());
        followed += steps.len();

        let mut there = Elsewhere::start();
        assert_eq!(there.tell("state", &founded), "at 0");
        for (n, (line, at, expected)) in steps.iter().enumerate() {
            let revision = n + 1;
            // Whoever wrote it and asks too early is told so.
            assert_eq!(
                there.tell("at-least", &revision.to_string()),
                format!("behind at {n} wanted {revision}")
            );
            if let Some((later, ..)) = steps.get(n + 1) {
                // The one after it comes first: it says what it has missed, and stays as it is.
                assert_eq!(
                    there.tell("event", later),
                    format!("missed-events at {n} got {}", revision + 1)
                );
            }
            assert_eq!(there.tell("event", line), format!("at {revision}"));
            // It comes again: it is known.
            assert_eq!(there.tell("event", line), format!("at {revision}"));
            assert_eq!(
                there.tell("at-least", &revision.to_string()),
                format!("at {revision}")
            );
            assert_eq!(
                there.tell("ask", &at.to_string()),
                *expected,
                "seed {seed}, event {revision}: {line}"
            );
        }
        let whole = serde_json::to_string(&tenant).unwrap();
        assert_eq!(there.tell("state-of", ""), whole);
        // One that does not fit is told as well, and leaves it as it was.
        let foreign = steps[0].0.replace(
            "\"revision\":1,",
            &format!("\"revision\":{},", steps.len() + 1),
        );
        let foreign = foreign.replace("\"schema\":1", "\"schema\":999");
        assert_eq!(there.tell("event", &foreign), "unfit-event");
        assert_eq!(there.tell("state-of", ""), whole);
        there.fail();

        // Another takes its place: from a state of the past and all events, those it knows among them.
        let mut again = Elsewhere::start();
        assert_eq!(again.tell("state", &halfway.unwrap()), "at 5");
        for (line, ..) in &steps {
            again.tell("event", line);
        }
        let (_, at, expected) = steps.last().unwrap();
        assert_eq!(again.tell("ask", &at.to_string()), *expected);
        assert_eq!(again.tell("state-of", ""), whole);
        again.finish();
    }
    assert!(followed > 60, "{followed}");
}
