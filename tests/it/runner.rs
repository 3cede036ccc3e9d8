//! Scenarios: what is read, what is run, what the runner prints and how it exits.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data has failed"
)]

use std::fs;
use std::path::Path;

use bailiwick::Mistakes;
use bailiwick::document::Node;
use bailiwick::document::Report;
use bailiwick::document::Scenario;

const POLICY: &str = "
[policy]
duty = [{ key = 'finance.funds.certify' }, { key = 'finance.ledger.view' }]
department = [{ key = 'treasury', head = 'ida' }]
user = [{ key = 'ana', department = 'treasury' }, { key = 'ida' }]
grant = [{ holder = 'user:ana', on = 'finance.ledger.view' }]
";

const NEVER: &str = "2026-01-05T09:00:00Z";

fn scenario(text: &str) -> Result<Scenario, Mistakes> {
    let node = Node::from_toml(text)?;
    Scenario::from_node(&node, |name| Node::from_toml(&format!("name = '{name}'")))
}

#[track_caller]
fn run(steps: &[&str]) -> Report {
    let steps: Vec<_> = steps
        .iter()
        .map(|step| format!("[[steps]]\nat = '{NEVER}'\n{step}\n"))
        .collect();
    match scenario(&(POLICY.to_string() + &steps.concat())) {
        Ok(scenario) => scenario.run(),
        Err(mistakes) => panic!("{mistakes:?}"),
    }
}

/// What each step is answered, whatever was expected.
#[track_caller]
fn answers(steps: &[&str]) -> Vec<String> {
    let steps: Vec<_> = steps
        .iter()
        .map(|step| format!("{step}\nexpect = 'something else'"))
        .collect();
    let steps: Vec<_> = steps.iter().map(String::as_str).collect();
    let differing = run(&steps).differing;
    differing.iter().map(|step| step.got.to_string()).collect()
}

fn unreadable(text: &str) -> Vec<String> {
    let mistakes = scenario(text)
        .err()
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    mistakes
        .iter()
        .map(|mistake| format!("{} at {}", mistake.code(), mistake.path))
        .collect()
}

#[test]
fn what_makes_a_scenario_unreadable() {
    let rows: &[(&str, &[&str])] = &[
        ("name = 'x'", &["wrong-shape at policy"]),
        (
            "policy = {}\npolicy-file = 'x'",
            &["wrong-shape at policy-file"],
        ),
        ("policy-file = 'x'", &[]),
        (
            "policy = { user = [{ kez = 'ana' }] }",
            &["unknown-field at policy.user[0].kez"],
        ),
        ("policy = {}\nstep = []", &["unknown-field at step"]),
        (
            "policy = {}\nsteps = [{ ask = 'stuck' }]",
            &["wrong-shape at steps[0].at"],
        ),
        (
            "policy = {}\nsteps = [{ at = 'now', ask = 'stuck' }]",
            &["malformed-instant at steps[0].at"],
        ),
        (
            "policy = {}\nsteps = [{ at = '2026-01-05T09:00:00Z' }]",
            &["wrong-shape at steps[0].do"],
        ),
        (
            "policy = {}\nsteps = [{ at = '2026-01-05T09:00:00Z', ask = 'stuck', do = { enable = {} } }]",
            &["wrong-shape at steps[0].ask"],
        ),
        (
            "policy = {}\nsteps = [{ at = '2026-01-05T09:00:00Z', do = { enabel = {} } }]",
            &["unknown-command at steps[0].do"],
        ),
        (
            "policy = {}\nsteps = [{ at = '2026-01-05T09:00:00Z', ask = { chekc = {} } }]",
            &["wrong-shape at steps[0].ask"],
        ),
        // Time does not run backwards; steps at the same instant are in order.
        (
            "policy = {}\nsteps = [{ at = '2026-01-05T09:00:00Z', ask = 'stuck' }, { at = '2026-01-05T09:00:00Z', ask = 'stuck' }, { at = '2026-01-05T08:59:59Z', ask = 'stuck' }]",
            &["wrong-shape at steps[2].at"],
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(&unreadable(text), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_step_is_its_answer() {
    let rows = [
        (
            "do = { grant = { holder = 'user:ana', onn = '*' } }",
            "unknown-field",
        ),
        (
            "do = { grant = { holder = 'user:ana', on = 'a.b.c.d' } }",
            "malformed-key",
        ),
        (
            "do = { grant = { holder = 'user:ana', on = '*', reason = ' ' } }",
            "blank-text",
        ),
        (
            "do = { grant = { holder = 'ana', on = '*' } }",
            "unknown-holder",
        ),
        (
            "do = { grant = { holder = 'user:ana', on = '*', until = 'soon' } }",
            "malformed-instant",
        ),
        (
            "do = { assign = { holder = 'everyone', profile = 'clerk' } }",
            "unknown-holder",
        ),
        (
            "do = { request = { on = '*', profile = 'clerk', justification = 'x' } }",
            "wrong-shape",
        ),
        (
            "do = { request = { on = '*', justification = 'x', for = '90' } }",
            "malformed-duration",
        ),
        (
            "do = { open-campaign = { name = 'spring' } }",
            "wrong-shape",
        ),
        (
            "do = { add-user = { key = 'bo', grant = [{ holder = 'user:bo', on = '*' }] } }",
            "unknown-field",
        ),
        ("do = { approve = { request = 'r9' } }", "unknown-request"),
        (
            "do = { close-campaign = { campaign = 'c9' } }",
            "unknown-campaign",
        ),
        (
            "do = { reply = { ticket = 't9', body = 'x' } }",
            "unknown-ticket",
        ),
        (
            "do = { move = { ticket = 't9', to = 'done' } }",
            "unknown-ticket",
        ),
        (
            "do = { enable = { user = 'ana' } }\nby = 'ana'",
            "unknown-user",
        ),
        (
            "do = { enable = { user = 'ana' } }\nby = 'user:bob'",
            "unknown-user",
        ),
        (
            "ask = { check = { user = 'ana', dutty = 'a.b.c' } }",
            "unknown-field",
        ),
        (
            "ask = { check = { user = 'Ana', duty = 'a' } }",
            "unknown-user",
        ),
        (
            "ask = { check = { user = 'ana', duty = 'a' } }",
            "unknown-duty",
        ),
        (
            "ask = { level = { user = 'ana', objects = [] } }",
            "ladder-mismatch",
        ),
        ("ask = { request = { request = 'r9' } }", "unknown-request"),
        (
            "ask = { log = { user = 'ana', view = 'all' } }",
            "wrong-shape",
        ),
    ];
    let steps: Vec<_> = rows.iter().map(|(step, _)| *step).collect();
    let expected: Vec<_> = rows
        .iter()
        .map(|(_, code)| format!("{{ error = \"{code}\" }}"))
        .collect();
    assert_eq!(answers(&steps), expected);
}

#[test]
fn an_expectation_may_be_a_word_a_part_or_any_error() {
    let check = "ask = { check = { user = 'ana', duty = 'finance.ledger.view' } }\n";
    let report = run(&[
        &format!("{check}expect = 'permit'"),
        &format!("{check}expect = {{ permit = {{ layer = 'individual' }} }}"),
        &format!("{check}expect = {{ permit = {{ layer = 'profiles' }} }}"),
        &format!("{check}expect = {{ deny = 'not-granted' }}"),
        // A command is expected to be accepted unless the step says otherwise.
        "do = { disable = { user = 'ana' } }",
        "do = { disable = { user = 'ana' } }",
        "do = { disable = { user = 'ana' } }\nexpect = { error = '*' }",
        "ask = { current = { user = 'ana' } }\nexpect = { enabled = false, entries = [{ on = 'finance.ledger.view' }] }",
        "ask = { current = { user = 'ana' } }\nexpect = { entries = [] }",
        "ask = { current = { user = 'ana' } }\nexpect = { error = '*' }",
    ]);
    let steps: Vec<_> = report.differing.iter().map(|step| step.step).collect();
    assert_eq!((report.steps, steps), (10, vec![3, 4, 6, 9, 10]));
    let third = report.differing.first().unwrap();
    assert!(third.explanation.contains("finance.ledger.view"), "{third}");
}

#[test]
fn names_stand_for_what_a_step_made() {
    // The name may stand beside the command or in it; what is refused is given none.
    let report = run(&[
        "by = 'user:ana'\ndo = { request = { on = 'finance.funds.certify', justification = 'x' } }\nas = 'r1'",
        "by = 'user:ana'\ndo = { request = { on = 'finance.funds.certify', justification = 'x' } }\nas = 'r2'\nexpect = { error = 'duplicate-request' }",
        "by = 'user:ana'\ndo = { request = { on = 'finance', justification = 'x', as = 'r3' } }",
        "by = 'user:ana'\ndo = { request = { on = '*', justification = 'x' } }",
        "ask = { request = { request = 'r1' } }\nexpect = 'requested'",
        "ask = { request = { request = 'r2' } }\nexpect = { error = 'unknown-request' }",
        "ask = { inbox = { user = 'ida' } }\nexpect = ['r1', 'r3', '3']",
        "by = 'user:ana'\ndo = { withdraw = { request = 3 } }",
        "ask = { as-of = { instant = '2026-01-05T08:59:59Z', ask = { request = { request = 'r1' } } } }\nexpect = { error = 'unknown-request' }",
    ]);
    assert_eq!(report.differing, []);
}

#[path = "../../examples/scenario.rs"]
#[expect(dead_code, reason = "its `main` is for the command line")]
mod example;

/// Runs the example; what it printed, and how it exited.
fn example(words: &[&str], path: &Path) -> (Vec<String>, u8) {
    let words = words.iter().map(ToString::to_string);
    let words: Vec<String> = words.chain([path.display().to_string()]).collect();
    let mut printed = Vec::new();
    let code = example::order(&words, &mut printed);
    let printed = String::from_utf8(printed).unwrap();
    (printed.lines().map(ToString::to_string).collect(), code)
}

#[test]
fn the_runner_names_what_differs_and_exits_by_the_worst() {
    let folder = std::env::temp_dir().join(format!("bailiwick-runner-{}", std::process::id()));
    let inner = folder.join("inner");
    fs::create_dir_all(&inner).unwrap();
    let write = |path: &Path, text: &str| fs::write(path, text).unwrap();
    // A policy document beside the scenarios that name it is not run.
    write(&folder.join("town.toml"), "user = [{ key = 'ana' }]");
    let step = format!("[[steps]]\nat = {NEVER}\ndo = {{ disable = {{ user = 'ana' }} }}\n");
    let good = format!("policy-file = '../town.toml'\n{step}");
    write(&inner.join("good.toml"), &good);
    write(
        &inner.join("good.json"),
        r#"{ "policy": {}, "steps": [{ "at": "2026-01-05T09:00:00Z", "ask": { "stuck": {} }, "expect": [] }] }"#,
    );
    let (printed, code) = example(&["run"], &folder);
    assert_eq!(
        (printed, code),
        (vec!["2 scenarios, 2 steps, 0 failed".into()], 0)
    );
    write(&inner.join("less.toml"), &(good + &step));
    let (printed, code) = example(&["run"], &folder);
    let less = inner.join("less.toml").display().to_string();
    assert_eq!(
        printed.first(),
        Some(&format!(
            "{less}: step 2: expected \"ok\", got {{ error = \"already-disabled\" }}"
        ))
    );
    assert!(
        printed.get(1).is_some_and(|line| line.starts_with("    ")),
        "{printed:?}"
    );
    assert_eq!(printed.last().unwrap(), "3 scenarios, 4 steps, 1 failed");
    assert_eq!(code, 1);
    write(&inner.join("bad.toml"), "policy = 3\nsteps = [");
    let (printed, code) = example(&["run"], &folder);
    assert!(
        printed
            .iter()
            .any(|line| line.contains("bad.toml: malformed-document at 2:"))
    );
    assert_eq!(printed.last().unwrap(), "3 scenarios, 4 steps, 1 failed");
    assert_eq!(code, 2);
    let (printed, code) = example(&["run", "--json"], &folder);
    assert_eq!(
        printed.last().unwrap(),
        r#"{"scenarios":3,"steps":4,"failed":1}"#
    );
    assert_eq!(code, 2);
    // A policy document that is named is no scenario.
    let (printed, code) = example(&["run"], &folder.join("town.toml"));
    assert_eq!(printed.last().unwrap(), "0 scenarios, 0 steps, 0 failed");
    assert_eq!(code, 2);
    let (printed, code) = example(&["load"], &inner.join("good.toml"));
    let good = inner.join("good.toml").display().to_string();
    assert_eq!((printed, code), (vec![format!("{good}: ok")], 0));
    write(
        &folder.join("town.toml"),
        "user = [{ key = 'ana', team = 'x' }, 3]",
    );
    let (printed, code) = example(&["load"], &folder.join("town.toml"));
    let town = folder.join("town.toml").display().to_string();
    let expected = vec![
        format!("{town}: unknown-team at user[0].team: unknown team `x`"),
        format!("{town}: wrong-shape at user[1]: expected a table"),
    ];
    assert_eq!((printed, code), (expected, 2));
    fs::remove_dir_all(&folder).unwrap();
}
