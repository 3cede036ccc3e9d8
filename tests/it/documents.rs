//! Documents: what is wrong with them, where; and what is written reads as the same.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tables of what is known to be wrong"
)]

use bailiwick::Command;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;

/// What is wrong with a TOML document, as `CODE at PATH`, with the nearest known word where there is one.
fn wrong(text: &str) -> Vec<String> {
    let Err(mistakes) = Document::from_toml(text) else {
        return Vec::new();
    };
    let line = |mistake: &bailiwick::Mistake| {
        let message = mistake.to_string();
        let near = message
            .rsplit_once("nearest is ")
            .map_or("", |(_, near)| near);
        format!("{} at {} {near}", mistake.code(), mistake.path)
            .trim_end()
            .to_string()
    };
    mistakes.iter().map(line).collect()
}

#[track_caller]
fn table(rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        assert_eq!(&wrong(text), expected, "{text}");
    }
}

#[test]
fn every_row_that_cannot_be_read_is_named() {
    table(&[
        ("", &[]),
        ("name = 3", &["wrong-shape at name"]),
        ("name = ' '", &["out-of-range at name"]),
        ("nam = 'x'", &["unknown-field at nam `name`"]),
        ("grants = []", &["unknown-field at grants `grant`"]),
        ("user = 'ana'", &["wrong-shape at user"]),
        ("user = ['ana']", &["wrong-shape at user[0]"]),
        (
            "mode = 'open'\nopen-up-to = 'hihg'",
            &["wrong-shape at open-up-to `high`"],
        ),
        ("mode = 'stric'", &["wrong-shape at mode `strict`"]),
        ("seats = { full = -1 }", &["out-of-range at seats.full"]),
        (
            "seats = { full = 4294967296 }",
            &["out-of-range at seats.full"],
        ),
        (
            "seats = { full = 99999999999999999999 }",
            &["out-of-range at seats.full"],
        ),
        ("seats = { full = 2.5 }", &["wrong-shape at seats.full"]),
        (
            "seats = { ful = 2 }",
            &["unknown-field at seats.ful `full`"],
        ),
        // The one for the many.
        (
            "[[duties]]\nkey = 'a.b.c'",
            &["unknown-field at duties `duty`"],
        ),
        (
            "administration = { gant = 'a.b.c' }",
            &["unknown-command at administration.gant `grant`"],
        ),
        (
            "administration = { grant = 'a.b' }",
            &["malformed-key at administration.grant"],
        ),
        (
            "administration = { grant = 3 }",
            &["wrong-shape at administration.grant"],
        ),
        (
            "administration = { grant = [] }",
            &["out-of-range at administration.grant"],
        ),
        (
            "administration = { grant = ['a.b.c', 'a.b', 3, ['a.b.c']] }\n[[duty]]\nkey = 'a.b.c'",
            &[
                "malformed-key at administration.grant[1]",
                "wrong-shape at administration.grant[2]",
                "wrong-shape at administration.grant[3]",
            ],
        ),
        (
            "administration = { grant = ['a.b.c', 'a.b.d', 'a.b.c'] }\nduty = [{ key = 'a.b.c' }, { key = 'a.b.d' }]",
            &["duplicate-key at administration.grant[2]"],
        ),
        (
            "administration = { grant = ['a.b.edit', 'a.b.ade'] }\nduty = [{ key = 'a.b.edit' }, { key = 'a.b.add' }]",
            &["unknown-duty at administration.grant[1] `a.b.add`"],
        ),
        // Of a list of one the path says so, too.
        (
            "administration = { grant = ['a.b.edti'] }\n[[duty]]\nkey = 'a.b.edit'",
            &["unknown-duty at administration.grant[0] `a.b.edit`"],
        ),
        // What is left out leaves the places of the others as they are.
        (
            "administration = { grant = ['a.b', 'a.b.edti'] }\n[[duty]]\nkey = 'a.b.edit'",
            &[
                "malformed-key at administration.grant[0]",
                "unknown-duty at administration.grant[1] `a.b.edit`",
            ],
        ),
        (
            "administration = { clear = ['a.b.edit', 'a.b.edit', 'a.b.edti', ''], gant = ['a.b'] }\n[[duty]]\nkey = 'a.b.edit'",
            &[
                "duplicate-key at administration.clear[1]",
                "unknown-duty at administration.clear[2] `a.b.edit`",
                "malformed-key at administration.clear[3]",
                "unknown-command at administration.gant `grant`",
                "malformed-key at administration.gant[0]",
            ],
        ),
        // A catalog that is none: what it would have held is not told.
        (
            "catalog = 'civix'\nadministration = { grant = ['a.b.edit', 'a.b.add'] }",
            &["unknown-catalog at catalog `civic`"],
        ),
        ("[[user]]\nname = 'Ana'", &["wrong-shape at user[0].key"]),
        // A misspelt field that is needed is one mistake, not two.
        (
            "[[user]]\nkez = 'ana'",
            &["unknown-field at user[0].kez `key`"],
        ),
        ("[[user]]\nkey = 'Ana'", &["malformed-key at user[0].key"]),
        (
            "[[user]]\nkey = 'ana'\ngroups = ['B']",
            &["malformed-key at user[0].groups[0]"],
        ),
        (
            "[[user]]\nkey = 'ana'\ngrant = []",
            &["unknown-field at user[0].grant"],
        ),
        (
            "[[user]]\nkey = 'ana'\nenabled = 1",
            &["wrong-shape at user[0].enabled"],
        ),
        ("[[duty]]\nkey = 'a.b'", &["malformed-key at duty[0].key"]),
        (
            "[[duty]]\nkey = 'a.b.c'\nsensitivity = 'hgh'",
            &["wrong-shape at duty[0].sensitivity `high`"],
        ),
        (
            "[[duty]]\nkey = 'a.b.c'\nseat = 'half'",
            &["wrong-shape at duty[0].seat"],
        ),
        (
            "[[module]]\nkey = 'a'\nlabel = { en = 'A' }",
            &["wrong-shape at module[0].label.es"],
        ),
        (
            "[[module]]\nkey = 'a'\nlabel = 'A'",
            &["wrong-shape at module[0].label"],
        ),
        (
            "[[grant]]\nholder = 'bob'\non = '*'",
            &["unknown-holder at grant[0].holder"],
        ),
        (
            "[[grant]]\nholder = 'usr:bob'\non = '*'",
            &["unknown-holder at grant[0].holder `user:bob`"],
        ),
        (
            "[[grant]]\nholder = 'user:'\non = '*'",
            &["malformed-key at grant[0].holder"],
        ),
        (
            "[[grant]]\nholder = 'everyone'\non = 'a.b.c.d'\nfrom = '2026-01-05'\nreach = 'al'",
            &[
                "malformed-key at grant[0].on",
                "malformed-instant at grant[0].from",
                "wrong-shape at grant[0].reach `all`",
            ],
        ),
        (
            "[[grant]]\nholder = 'everyone'\non = '*'\nreplace = true",
            &["unknown-field at grant[0].replace"],
        ),
        (
            "[[grant]]\nholder = 'everyone'\non = '*'\nfrom = 2026-01-05T09:00:00Z\nuntil = 2026-01-05T09:00:00Z",
            &["empty-window at grant[0].until"],
        ),
        (
            "[[grant]]\nholder = 'everyone'\non = '*'\nceiling = 9007199254740993",
            &["out-of-range at grant[0].ceiling"],
        ),
        (
            "[[grant]]\nholder = 'everyone'\non = '*'\nreason = ''",
            &["out-of-range at grant[0].reason"],
        ),
        (
            "[[assign]]\nholder = 'everyone'\nprofile = 'clerk'",
            &[
                "unknown-holder at assign[0].holder",
                "unknown-profile at assign[0].profile",
            ],
        ),
        (
            "[[restrict]]\nholder = 'everyone'\nlimit = 'done'",
            &[
                "unknown-holder at restrict[0].holder",
                "unknown-limit at restrict[0].limit",
            ],
        ),
        (
            "[[profile]]\nkey = 'p'\ngrants = ['a..b', { on = '*', level = 'x', reach = 'all' }, { on = '*', rech = 'all' }]",
            &[
                "malformed-key at profile[0].grants[0]",
                "wrong-shape at profile[0].grants[1].reach",
                "unknown-field at profile[0].grants[2].rech `reach`",
            ],
        ),
        (
            "[[profile]]\nkey = 'p'\nceilings = { 'a.b.c' = -1, 'a.b' = 1 }",
            &[
                "out-of-range at profile[0].ceilings.a.b.c",
                "malformed-key at profile[0].ceilings.a.b",
            ],
        ),
        (
            "[[schedule]]\nkey = 's'\nfirst = '2026-01-05T09:00:00Z'\nevery = '0d'\ndue-in = 'soon'",
            &[
                "out-of-range at schedule[0].every",
                "malformed-duration at schedule[0].due-in",
            ],
        ),
        (
            "[[schedule]]\nkey = 's'\nfirst = '2026-01-05T09:00:00Z'\nevery = '0d'\ndue-in = '1d'",
            &["out-of-range at schedule[0].every"],
        ),
        (
            "[[schedule]]\nkey = 's'\nfirst = '2026-02-30T09:00:00Z'\nevery = 91\ndue-in = '1d'\nreviewers = 'hands'",
            &[
                "malformed-instant at schedule[0].first",
                "wrong-shape at schedule[0].every",
                "wrong-shape at schedule[0].reviewers",
            ],
        ),
    ]);
}

#[test]
fn syntax_errors_have_a_line_and_a_column() {
    let toml = Document::from_toml("name = 'x'\n[[user]\n").unwrap_err();
    assert_eq!(toml[0].code(), "malformed-document");
    assert!(
        toml[0].to_string().starts_with("malformed-document at 2:"),
        "{}",
        toml[0]
    );
    let json = Document::from_json("{\n  \"name\": }").unwrap_err();
    assert!(
        json[0]
            .to_string()
            .starts_with("malformed-document at 2:11"),
        "{}",
        json[0]
    );
    let deep = "[".repeat(100_000);
    for text in [&*deep, &format!("{}0{}", "[".repeat(65), "]".repeat(65))] {
        assert_eq!(
            Node::from_json(text).unwrap_err().code(),
            "malformed-document"
        );
        let text = format!("a = {text}");
        assert_eq!(
            Node::from_toml(&text).unwrap_err().code(),
            "malformed-document"
        );
    }
}

#[test]
fn a_field_that_stands_twice_is_a_mistake_where_a_format_lets_it() {
    let mistakes =
        Document::from_json(r#"{ "user": [{ "key": "ana", "key": "ben" }], "user": [] }"#);
    let lines: Vec<_> = mistakes
        .unwrap_err()
        .iter()
        .map(|mistake| format!("{} at {}", mistake.code(), mistake.path))
        .collect();
    assert_eq!(
        lines,
        ["duplicate-key at user", "duplicate-key at user[0].key"]
    );
}

#[test]
fn what_only_follows_from_a_mistake_is_not_reported_again() {
    table(&[
        // A row that cannot be read is still looked up as far as it goes, and what it defines is not missed.
        (
            "[[user]]\nkey = 'ana'\nenabled = 1\ngroups = ['nix']\n[[grant]]\nholder = 'user:ana'\non = '*'",
            &[
                "wrong-shape at user[0].enabled",
                "unknown-group at user[0].groups[0]",
            ],
        ),
        (
            "[[grant]]\nholder = 'user:bob'\non = 'a.b'\nuntill = 'x'\nscope = 's'",
            &[
                "unknown-user at grant[0].holder",
                "unknown-object at grant[0].on",
                "unknown-field at grant[0].untill `until`",
                "unknown-scope at grant[0].scope",
            ],
        ),
        // Nor is what a list that is none would have held, or what a catalog that is unknown would have.
        (
            "user = 'x'\nduty = 3\n[[grant]]\nholder = 'user:ana'\non = 'a.b'",
            &["wrong-shape at user", "wrong-shape at duty"],
        ),
        (
            "catalog = 'atlantis'\n[[grant]]\nholder = 'everyone'\non = 'finance.ledger'\nscope = 'x'",
            &[
                "unknown-catalog at catalog",
                "unknown-scope at grant[0].scope",
            ],
        ),
        (
            "catalog = 7\n[[grant]]\nholder = 'everyone'\non = 'finance.ledger'",
            &["wrong-shape at catalog"],
        ),
        // A node of a circle stands nowhere; what names it is not wrong for that.
        (
            "scope = [{ key = 'a', parent = 'b' }, { key = 'b', parent = 'a' }]\n[[grant]]\nholder = 'everyone'\non = '*'\nscope = 'a'",
            &["cycle at scope[0].parent"],
        ),
        (
            "[[duty]]\nkey = 'a.b.view'\n[[ladder]]\nobject = 'a.b'\nrungs = 'view'\n[[level]]\nholder = 'everyone'\non = 'a.b'\nto = 'view'",
            &["wrong-shape at ladder[0].rungs"],
        ),
        (
            "[[group]]\nkez = 'clerks'\n[[grant]]\nholder = 'group:clerks'\non = '*'",
            &["unknown-field at group[0].kez `key`"],
        ),
        // Of two entries that clash, the later; rows that cannot be read count when rows are numbered.
        (
            "grant = [{ holder = 'everyone' }, { holder = 'everyone', on = '*' }]\nrevoke = [{ holder = 'everyone', on = '*' }]",
            &[
                "wrong-shape at grant[0].on",
                "conflicting-entry at revoke[0].on",
            ],
        ),
    ]);
}

/// A document with nothing wrong, in which each of [`MISTAKES`] can be made.
const SOUND: &str = r#"{
  "name": "Rio Vista",
  "seats": { "full": 2 },
  "administration": { "grant": "fin.book.edit" },
  "module": [{ "key": "fin" }, { "key": "hr" }],
  "duty": [{ "key": "fin.book.view" }, { "key": "fin.book.edit", "sensitivity": "high" }, { "key": "hr.file.read" }],
  "ladder": [{ "object": "fin.book", "rungs": ["view", "edit"] }],
  "limit": [{ "key": "l", "on": ["fin"], "requires": "published" }, { "key": "m", "on": ["hr"], "requires": "x" }],
  "scope": [{ "key": "s" }, { "key": "t", "parent": "s" }, { "key": "v", "parent": "s" }],
  "group": [{ "key": "g" }, { "key": "h" }],
  "profile": [
    { "key": "p", "grants": ["fin", { "on": "fin.book", "level": "view" }], "limits": ["l"], "ceilings": { "fin.book.edit": 5 } },
    { "key": "q", "grants": ["hr"], "except": ["hr.file.read"] }
  ],
  "user": [{ "key": "u", "groups": ["g"] }, { "key": "w", "enabled": true }],
  "assign": [{ "holder": "user:u", "profile": "p" }, { "holder": "group:g", "profile": "q", "scope": "s" }],
  "grant": [
    { "holder": "user:u", "on": "fin", "from": "2026-01-01T00:00:00Z", "reason": "r" },
    { "holder": "user:u", "on": "hr", "scope": "t" },
    { "holder": "user:w", "on": "hr", "scope": "t" }
  ],
  "revoke": [{ "holder": "user:w", "on": "fin", "reason": "audit" }, { "holder": "user:w", "on": "hr" }],
  "level": [{ "holder": "user:u", "on": "fin.book", "to": "view", "scope": "t", "until": "2027-01-01T00:00:00Z" }],
  "item": [{ "user": "u", "item": "case-1", "on": ["fin"] }],
  "conflict": [{ "key": "c", "of": ["fin", "hr"], "label": { "en": "C", "es": "C" } }],
  "schedule": [{ "key": "y", "first": "2026-01-01T00:00:00Z", "every": "90d", "due-in": "14d", "select": { "users": ["u"] } }],
  "helpdesk": { "file": "hr.file.read", "warn": 80 },
  "calendar": { "zone": "Europe/Madrid", "days": { "mon": ["08:00-12:00"], "tue": ["08:00-12:00"] } },
  "sla": [{ "priority": "high", "respond": "1h" }, { "priority": "low", "resolve": "2h" }]
}"#;

/// Where a value is put, which, and what is then wrong: none has to do with another.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("/seats/full", "-1", "out-of-range at seats.full"),
    (
        "/administration/grant",
        "'fin.book.pay'",
        "unknown-duty at administration.grant",
    ),
    ("/module/1/enabled", "3", "wrong-shape at module[1].enabled"),
    (
        "/duty/1/sensitivity",
        "'hihg'",
        "wrong-shape at duty[1].sensitivity",
    ),
    ("/duty/0/colour", "1", "unknown-field at duty[0].colour"),
    (
        "/duty/3",
        "{'key': 'hr.file.read'}",
        "duplicate-key at duty[3].key",
    ),
    (
        "/limit/0/label",
        "{'en': 'L'}",
        "wrong-shape at limit[0].label.es",
    ),
    ("/limit/1/key", "'l'", "duplicate-key at limit[1].key"),
    ("/scope/1/label", "7", "wrong-shape at scope[1].label"),
    (
        "/scope/2/parent",
        "'zz'",
        "unknown-scope at scope[2].parent",
    ),
    ("/group/0/colour", "1", "unknown-field at group[0].colour"),
    ("/group/1/parent", "'h'", "cycle at group[1].parent"),
    (
        "/profile/0/grants/0",
        "3",
        "wrong-shape at profile[0].grants[0]",
    ),
    (
        "/profile/0/grants/1/level",
        "'zz'",
        "unknown-rung at profile[0].grants[1].level",
    ),
    (
        "/profile/0/limits/0",
        "'zz'",
        "unknown-limit at profile[0].limits[0]",
    ),
    (
        "/profile/0/ceilings/fin.book.edit",
        "-3",
        "out-of-range at profile[0].ceilings.fin.book.edit",
    ),
    (
        "/profile/1/except/0",
        "'hr.zz'",
        "unknown-object at profile[1].except[0]",
    ),
    (
        "/user/0/groups/0",
        "'zz'",
        "unknown-group at user[0].groups[0]",
    ),
    ("/user/1/enabled", "'yes'", "wrong-shape at user[1].enabled"),
    ("/user/2", "{'key': 'w'}", "duplicate-key at user[2].key"),
    (
        "/assign/0/reason",
        "' '",
        "out-of-range at assign[0].reason",
    ),
    (
        "/assign/1/holder",
        "'everyone'",
        "unknown-holder at assign[1].holder",
    ),
    (
        "/grant/0/until",
        "'2025-01-01T00:00:00Z'",
        "empty-window at grant[0].until",
    ),
    ("/grant/1/ceiling", "1.5", "wrong-shape at grant[1].ceiling"),
    (
        "/grant/3",
        "{'holder': 'user:w', 'on': 'hr', 'scope': 't'}",
        "conflicting-entry at grant[3].on",
    ),
    ("/revoke/0/reason", "4", "wrong-shape at revoke[0].reason"),
    (
        "/revoke/2",
        "{'holder': 'user:w', 'on': 'hr'}",
        "conflicting-entry at revoke[2].on",
    ),
    (
        "/revoke/1/reach",
        "'all'",
        "unknown-field at revoke[1].reach",
    ),
    ("/level/0/to", "'zz'", "unknown-rung at level[0].to"),
    (
        "/level/0/until",
        "'soon'",
        "malformed-instant at level[0].until",
    ),
    ("/item/0/on/0", "'zz'", "unknown-module at item[0].on[0]"),
    (
        "/conflict/0/at-most",
        "2",
        "out-of-range at conflict[0].at-most",
    ),
    (
        "/conflict/0/label/es",
        "3",
        "wrong-shape at conflict[0].label.es",
    ),
    (
        "/schedule/0/every",
        "'often'",
        "malformed-duration at schedule[0].every",
    ),
    (
        "/schedule/0/select/users/0",
        "'zz'",
        "unknown-user at schedule[0].select.users[0]",
    ),
    (
        "/schedule/0/reviewers",
        "'boss'",
        "wrong-shape at schedule[0].reviewers",
    ),
    ("/helpdesk/warn", "101", "out-of-range at helpdesk.warn"),
    (
        "/helpdesk/file",
        "'hr.file.zz'",
        "unknown-duty at helpdesk.file",
    ),
    (
        "/calendar/zone",
        "'Europe/Madird'",
        "unknown-zone at calendar.zone",
    ),
    (
        "/calendar/days/mon",
        "3",
        "wrong-shape at calendar.days.mon",
    ),
    (
        "/calendar/days/tue/1",
        "'11:00-13:00'",
        "overlapping-spans at calendar.days.tue[1]",
    ),
    (
        "/sla/0/respond",
        "'x'",
        "malformed-duration at sla[0].respond",
    ),
    (
        "/sla/2",
        "{'priority': 'low'}",
        "duplicate-key at sla[2].priority",
    ),
];

/// What is wrong with the sound document once some mistakes are made in it, sorted.
fn wrong_with(mistakes: &[&(&str, &str, &str)]) -> Vec<String> {
    let mut document: serde_json::Value = serde_json::from_str(SOUND).unwrap();
    for (pointer, value, _) in mistakes {
        let value = serde_json::from_str(&value.replace('\'', "\"")).unwrap();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            serde_json::Value::Array(rows) => {
                let n: usize = field.parse().unwrap();
                rows.resize(rows.len().max(n + 1), serde_json::Value::Null);
                rows[n] = value;
            }
            row => row[field] = value,
        }
    }
    let node: Node = serde_json::from_value(document).unwrap();
    let found = Document::from_node(&node)
        .err()
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let mut found: Vec<String> = found
        .iter()
        .map(|mistake| format!("{} at {}", mistake.code(), mistake.path))
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn no_mistake_hides_another_or_makes_a_second_one() {
    assert_eq!(wrong_with(&[]), Vec::<String>::new());
    let check = |mistakes: &[&(&str, &str, &str)]| {
        let mut expected: Vec<&str> = mistakes.iter().map(|(.., told)| *told).collect();
        expected.sort_unstable();
        assert_eq!(wrong_with(mistakes), expected);
    };
    for (n, one) in MISTAKES.iter().enumerate() {
        check(&[one]);
        for other in MISTAKES.iter().skip(n + 1) {
            check(&[one, other]);
        }
    }
    check(&MISTAKES.iter().collect::<Vec<_>>());
}

/// A command that there is not is named with the nearest that there is; one of the helpdesk's is not a tenant's.
#[test]
fn a_command_that_there_is_not_is_named() {
    for (text, said) in [
        (
            r#"grnt = { holder = "user:ana", on = "it" }"#,
            "unknown-command: unknown command `grnt`, nearest is `grant`",
        ),
        (
            r#"reply = { ticket = 1, body = "Yes" }"#,
            "wrong-shape: expected a command of the tenant's; `reply` is the helpdesk's",
        ),
        (
            "grant = 1\nrevoke = 2",
            "wrong-shape: expected a table of one field, the name of a command",
        ),
    ] {
        let node = Node::from_toml(text).unwrap();
        let mistakes = Command::from_node(&node, &Names::default()).unwrap_err();
        assert_eq!(mistakes.to_string(), said);
    }
}

/// For how long is said by one word in documents and by another in Rust: both are read.
#[test]
fn for_is_read_as_lasting() {
    for command in ["request", "provision"] {
        let [one, other] = ["for", "lasting"].map(|word| {
            let of = if command == "request" {
                r#""justification":"Cover","on":"finance""#
            } else {
                r#""request":1"#
            };
            let text = format!(r#"{{"{command}":{{{of},"{word}":"3d"}}}}"#);
            serde_json::from_str::<Command>(&text).unwrap()
        });
        assert_eq!(one, other);
    }
}
