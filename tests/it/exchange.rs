//! Coming from elsewhere: what an import takes means what it meant there, and what it does not take it tells.

use std::collections::BTreeSet;

use bailiwick::Decision;
use bailiwick::Denial;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::exchange::Imported;
use bailiwick::exchange::Object;
use bailiwick::exchange::from_casbin;
use bailiwick::exchange::from_csv;
use bailiwick::exchange::from_kubernetes;
use bailiwick::exchange::to_csv;

fn name() -> Name {
    Name::new("imported").unwrap()
}

fn at() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn founded(imported: &Imported) -> Tenant {
    Tenant::found(&imported.policy).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn told(imported: &Imported) -> Vec<String> {
    imported.left_out.iter().map(ToString::to_string).collect()
}

fn decides(tenant: &Tenant, user: &str, duty: &str, scope: &str) -> Decision {
    let record = Resource {
        scope: (!scope.is_empty()).then_some(scope.into()),
        ..Resource::default()
    };
    tenant.as_of(at()).check(user, duty, &record).unwrap()
}

#[test]
fn every_row_of_a_table_is_taken_or_told() {
    let table = "\u{feff}id, Permission ,ROLE,user\r\n\
        # a comment\r\n\
        1,finance.invoice.view,Finance Clerk,ana\r\n\
        \r\n\
        2,finance/invoice/enter,Finance Clerk,\r\n\
        3,,Finance Clerk,\"José Peña\"\r\n\
        4,everything,Auditor,cho\r\n\
        5,a.b.c,,cho\r\n\
        6,,Auditor,\r\n\
        7,a.b.c,\"Finance, Clerk\",dan\r\n\
        8,a.b.c,Auditor,Ana\r\n\
        9,a.b.c,¡!,dan\r\n\
        10,a.b.c,Auditor,dan,more\r\n\
        11,a:b:,Auditor,dan\r\n\
        12,finance.invoice.view,Finance Clerk,ana\r\n\
        13,\"a.b\n.c\",Auditor,dan\r\n\
        14,a.b.c,Auditor\r\n\
        15,a.b.c,\"Auditor,dan\r\n\
        16,a.b.c,Auditor,dan";
    let imported = from_csv(name(), table);
    assert_eq!(
        told(&imported),
        [
            "line 7: `everything` is not a module, an object and an action",
            "line 8: expected a role, and a user or a permission",
            "line 9: expected a role, and a user or a permission",
            "line 10: `Finance, Clerk` would be `finance-clerk`, which is something else already",
            "line 11: `Ana` would be `ana`, which is something else already",
            "line 12: `¡!` gives no key",
            "line 13: expected no more columns than headings",
            "line 14: `a.b.` is not a module, an object and an action",
            "line 19: a quotation mark is never closed",
        ]
    );
    let tenant = founded(&imported);
    let granted = |user| {
        let duties = tenant.as_of(at()).effective(user, None, false).unwrap();
        duties.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    // A line is taken whole or not at all: what is left out leaves no access behind.
    assert_eq!(
        granted("ana"),
        ["finance.invoice.view", "finance.invoice.enter"]
    );
    assert_eq!(granted("jose.pena"), granted("ana"));
    assert_eq!(granted("dan"), ["a.b.c"]);
    assert_eq!(tenant.as_of(at()).users().len(), 3);
}

#[test]
fn a_table_means_what_its_joins_mean() {
    let rows = [
        ("ana", "clerk", "finance.invoice.view"),
        ("ana", "auditor", ""),
        ("ben", "clerk", ""),
        ("", "auditor", "finance.ledger.view"),
        ("cho", "empty", ""),
        ("", "clerk", "finance.invoice.enter"),
        ("", "unheld", "finance.payment.release"),
    ];
    let table: String = rows
        .map(|(user, role, permission)| format!("{user},{role},{permission}\n"))
        .concat();
    let imported = from_csv(name(), &format!("usuario,rol,permiso\n{table}"));
    assert_eq!(told(&imported), Vec::<String>::new());
    let tenant = founded(&imported);
    let duties: BTreeSet<&str> = rows
        .iter()
        .map(|row| row.2)
        .filter(|duty| !duty.is_empty())
        .collect();
    for user in ["ana", "ben", "cho"] {
        let roles: BTreeSet<&str> = rows
            .iter()
            .filter(|row| row.0 == user)
            .map(|row| row.1)
            .collect();
        for duty in &duties {
            let expected = rows
                .iter()
                .any(|row| roles.contains(row.1) && row.2 == *duty);
            let decision = decides(&tenant, user, duty, "");
            assert_eq!(decision.is_permit(), expected, "{user} {duty}");
        }
    }
}

#[test]
fn a_table_without_its_headings_is_no_table() {
    for table in [
        "",
        "user,role\nana,clerk\n",
        "ana,clerk,a.b.c\n",
        "# nothing\n",
    ] {
        let imported = from_csv(name(), table);
        assert!(imported.policy.users.is_empty(), "{table}");
        assert_eq!(imported.left_out.len(), 1, "{table}");
        assert_eq!(imported.left_out[0].why.code(), "columns", "{table}");
    }
    let spanish = from_csv(name(), "").left_out[0].localized(Language::Spanish);
    assert_eq!(
        spanish,
        "línea 1: se esperaba los encabezados `usuario`, `rol` y `permiso`"
    );
}

const CASBIN: &str = "\
p, admin, north, invoices, pay
p, admin, north, invoices, read, allow
p, admin, south, invoices, read, allow
p, clerk, north, invoices, read, allow
p, trainee, north, invoices, pay, deny
p, carl, north, invoices, pay, allow
p, carl, north, invoices, pay, deny
p, dora, south, reports, read, allow
p, audit, north, reports, read, allow
p, admin-north, south, reports, read, deny
p, admin, north-south, reports, read, allow
g, alice, admin, north
g, bob, clerk, north
g, bob, trainee, north
g, tess, admin, north
g, tess, trainee, north
g, lead, audit, north
g, erin, lead, north
g, lead, lead, north
g, audit, lead, north
g, fred, admin-north, south
g, fred, audit, south
";

/// What that engine answers under the effect \"some allow and no deny\", from its rules alone.
fn casbin_allows(text: &str, [user, domain, object, action]: [&str; 4]) -> bool {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split(", ").collect())
        .collect();
    let mut subjects = BTreeSet::from([user]);
    loop {
        let more: Vec<&str> = lines
            .iter()
            .filter(|line| line[0] == "g" && line[3] == domain && subjects.contains(line[1]))
            .map(|line| line[2])
            .filter(|role| !subjects.contains(role))
            .collect();
        if more.is_empty() {
            break;
        }
        subjects.extend(more);
    }
    let effects: Vec<&str> = lines
        .iter()
        .filter(|line| line[0] == "p" && subjects.contains(line[1]))
        .filter(|line| line[2..5] == [domain, object, action])
        .map(|line| line.get(5).copied().unwrap_or("allow"))
        .collect();
    effects.contains(&"allow") && !effects.contains(&"deny")
}

#[test]
fn a_casbin_policy_allows_and_denies_what_it_did() {
    let imported = from_casbin(name(), CASBIN);
    assert_eq!(told(&imported), Vec::<String>::new());
    let tenant = founded(&imported);
    let users = ["alice", "bob", "carl", "dora", "erin", "fred", "tess"];
    let known: Vec<String> = tenant
        .as_of(at())
        .users()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(known, users);
    let mut permits = 0;
    for user in users {
        for domain in ["north", "south", "north-south"] {
            for (object, action) in [
                ("invoices", "pay"),
                ("invoices", "read"),
                ("reports", "read"),
            ] {
                let expected = casbin_allows(CASBIN, [user, domain, object, action]);
                let duty = format!("casbin.{object}.{action}");
                let decision = decides(&tenant, user, &duty, domain);
                assert_eq!(
                    decision.is_permit(),
                    expected,
                    "{user} {domain} {object} {action}"
                );
                permits += usize::from(expected);
            }
        }
    }
    assert_eq!(permits, 6);
    // A deny prevails over another role's allow, and over one's own.
    assert_eq!(
        decides(&tenant, "tess", "casbin.invoices.pay", "north"),
        Decision::Deny(Denial::Revoked)
    );
    assert_eq!(
        decides(&tenant, "carl", "casbin.invoices.pay", "north"),
        Decision::Deny(Denial::Revoked)
    );
}

#[test]
fn casbin_lines_that_say_something_else_are_told() {
    let policy = "# model: rbac with domains\n\
        p, admin, north, invoices, pay\n\
        p, admin, invoices, pay\n\
        p, admin, north, invoices, pay, maybe\n\
        p2, admin, north, invoices, pay\n\
        g, ana, admin\n\
        g, ana, admin, north\n\
        p, admin, *, invoices, pay\n\
        p, admin, north, *, pay\n\
        p, admin, North, invoices, pay\n\
        q\n\
        g, \"ana";
    let imported = from_casbin(name(), policy);
    assert_eq!(
        told(&imported),
        [
            "line 3: expected `p, subject, domain, object, action` or `g, user, role, domain`",
            "line 4: expected `p, subject, domain, object, action` or `g, user, role, domain`",
            "line 5: `p2` cannot be said in a policy",
            "line 6: expected `p, subject, domain, object, action` or `g, user, role, domain`",
            "line 8: `*` gives no key",
            "line 9: `casbin.*.pay` is not a module, an object and an action",
            "line 10: `North` would be `north`, which is something else already",
            "line 11: `q` cannot be said in a policy",
            "line 12: a quotation mark is never closed",
        ]
    );
    let tenant = founded(&imported);
    assert!(decides(&tenant, "ana", "casbin.invoices.pay", "north").is_permit());
}

#[test]
fn no_denial_is_lost_for_want_of_a_name() {
    // The groups of both denials would have the same key, and the third a longer one than keys may have.
    let long = "a".repeat(90);
    let policy = format!(
        "p, all, b-c, invoices, pay\np, a-b, c, invoices, pay, deny\np, a, b-c, invoices, pay, deny\n\
         p, {long}, b-c, invoices, pay, deny\np, all, c, invoices, pay\n\
         g, ana, all, b-c\ng, ana, a, b-c\ng, ben, all, c\ng, ben, a-b, c\ng, cho, all, b-c\ng, cho, {long}, b-c\n"
    );
    let imported = from_casbin(name(), &policy);
    assert_eq!(told(&imported), Vec::<String>::new());
    let tenant = founded(&imported);
    for (user, domain) in [("ana", "b-c"), ("ben", "c"), ("cho", "b-c")] {
        let decision = decides(&tenant, user, "casbin.invoices.pay", domain);
        assert_eq!(decision, Decision::Deny(Denial::Revoked), "{user}");
    }
}

const CLUSTER: &str = r#"[
  { "kind": "ClusterRole", "metadata": { "name": "admin", "creationTimestamp": null, "generation": 3,
      "labels": { "a": "b" }, "ownerReferences": [{ "name": "x" }] },
    "rules": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] },
  { "kind": "ClusterRole", "metadata": { "name": "view" },
    "rules": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"] }] },
  { "kind": "Role", "metadata": { "name": "deployer", "namespace": "shop" },
    "rules": [
      { "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"] },
      { "apiGroups": ["", "batch"], "resources": ["pods", "jobs"], "verbs": ["create", "delete"] },
      { "apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"] }
    ] },
  { "kind": "Role", "metadata": { "name": "deployer", "namespace": "bank" }, "rules": null },
  { "kind": "ClusterRole", "metadata": { "name": "apps-all" },
    "rules": [{ "apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"] }] },
  { "kind": "RoleBinding", "metadata": { "name": "1", "namespace": "shop" },
    "roleRef": { "kind": "Role", "name": "deployer" },
    "subjects": [{ "kind": "User", "name": "dev@example.org" }, { "kind": "ServiceAccount", "name": "ci" }] },
  { "kind": "RoleBinding", "metadata": { "name": "2", "namespace": "bank" },
    "roleRef": { "kind": "ClusterRole", "name": "view" },
    "subjects": [{ "kind": "User", "name": "dev@example.org" }, { "kind": "ServiceAccount", "name": "ci", "namespace": "shop" }] },
  { "kind": "ClusterRoleBinding", "metadata": { "name": "3" },
    "roleRef": { "kind": "ClusterRole", "name": "admin" },
    "subjects": [{ "kind": "User", "name": "root" }] },
  { "kind": "ClusterRoleBinding", "metadata": { "name": "4" },
    "roleRef": { "kind": "ClusterRole", "name": "apps-all" },
    "subjects": [{ "kind": "User", "name": "ops" }] },
  { "kind": "RoleBinding", "metadata": { "name": "5", "namespace": "bank" },
    "roleRef": { "kind": "Role", "name": "deployer" },
    "subjects": [{ "kind": "User", "name": "nil" }] },
  { "kind": "RoleBinding", "metadata": { "name": "6", "namespace": "bank" },
    "roleRef": { "kind": "ClusterRole", "name": "view" } }
]"#;

/// Who is bound where to which of the roles above, as the objects have it.
const BOUND: [(&str, &str, &str); 7] = [
    ("dev@example.org", "shop", "deployer"),
    ("shop.ci", "shop", "deployer"),
    ("dev@example.org", "bank", "view"),
    ("shop.ci", "bank", "view"),
    ("root", "", "admin"),
    ("ops", "", "apps-all"),
    ("nil", "bank", "nothing"),
];

/// What a role allows, as the cluster would answer.
fn allows(role: &str, group: &str, resource: &str, verb: &str) -> bool {
    match role {
        "admin" => true,
        "view" => ["get", "list", "watch"].contains(&verb),
        "apps-all" => group == "apps",
        "deployer" => match (group, resource) {
            ("apps", "deployments") => true,
            ("core" | "batch", "pods" | "jobs") => ["create", "delete"].contains(&verb),
            ("core", "serviceaccounts") => verb == "impersonate",
            _ => false,
        },
        _ => false,
    }
}

fn objects(text: &str) -> Vec<Object> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn kubernetes_bindings_allow_what_they_did() {
    let imported = from_kubernetes(name(), &objects(CLUSTER));
    assert_eq!(told(&imported), Vec::<String>::new());
    let tenant = founded(&imported);
    let resources = [
        ("apps", "deployments"),
        ("core", "pods"),
        ("core", "jobs"),
        ("batch", "pods"),
        ("batch", "jobs"),
        ("core", "serviceaccounts"),
    ];
    for user in ["dev@example.org", "shop.ci", "root", "ops", "nil"] {
        for place in ["", "shop", "bank"] {
            for (group, resource) in resources {
                for verb in [
                    "get",
                    "list",
                    "watch",
                    "create",
                    "update",
                    "patch",
                    "delete",
                    "deletecollection",
                ] {
                    let expected = BOUND.iter().any(|(bound, bound_in, role)| {
                        let reaches = bound_in.is_empty() || *bound_in == place;
                        *bound == user && reaches && allows(role, group, resource, verb)
                    });
                    let duty = format!("{group}.{resource}.{verb}");
                    let decision = decides(&tenant, user, &duty, place);
                    assert_eq!(decision.is_permit(), expected, "{user} {place} {duty}");
                }
            }
        }
    }
    assert!(
        decides(
            &tenant,
            "shop.ci",
            "core.serviceaccounts.impersonate",
            "shop"
        )
        .is_permit()
    );
    assert!(
        !decides(
            &tenant,
            "shop.ci",
            "core.serviceaccounts.impersonate",
            "bank"
        )
        .is_permit()
    );
}

#[test]
fn kubernetes_objects_that_say_something_else_are_told() {
    let imported = from_kubernetes(
        name(),
        &objects(
            r#"[
      { "kind": "Role", "metadata": { "name": "one", "namespace": "shop" },
        "rules": [
          { "apiGroups": [""], "resources": ["pods"], "verbs": ["get"], "resourceNames": ["web"] },
          { "nonResourceURLs": ["/healthz"], "verbs": ["get"] },
          { "apiGroups": [""], "resources": ["pods/*"], "verbs": ["get"] },
          { "apiGroups": [""], "resources": ["pods"], "verbs": ["Get it"] },
          { "apiGroups": [""], "resources": ["pods"], "verbs": ["list"] }
        ] },
      { "kind": "Role", "metadata": { "name": "one", "namespace": "shop" } },
      { "kind": "ConfigMap", "metadata": { "name": "settings" } },
      { "kind": "RoleBinding", "metadata": { "name": "b", "namespace": "shop" },
        "roleRef": { "kind": "Role", "name": "two" }, "subjects": [{ "kind": "User", "name": "ana" }] },
      { "kind": "RoleBinding", "metadata": { "name": "b", "namespace": "shop" },
        "roleRef": { "kind": "Role", "name": "one" },
        "subjects": [{ "kind": "Robot", "name": "r2" }, { "kind": "User", "name": "ana" },
          { "kind": "User", "name": "shop.ci" }, { "kind": "ServiceAccount", "name": "ci" }] },
      { "kind": "ClusterRoleBinding", "metadata": { "name": "c" },
        "roleRef": { "kind": "Role", "name": "one" }, "subjects": [{ "kind": "User", "name": "ana" }] },
      { }
    ]"#,
        ),
    );
    assert_eq!(
        told(&imported),
        [
            "line 1: a rule for the single object `web` cannot be said in a policy",
            "line 1: a rule for the path `/healthz` cannot be said in a policy",
            "line 1: `/pods/*`: `get` cannot be said in a policy",
            "line 2: `shop / one` would be `shop-one`, which is something else already",
            "line 3: a `ConfigMap` cannot be said in a policy",
            "line 4: there is no role `two`",
            "line 5: a subject of kind `Robot` cannot be said in a policy",
            "line 5: `system:serviceaccount:shop:ci` would be `shop.ci`, which is something else already",
            "line 6: there is no role `one`",
            "line 7: a `` cannot be said in a policy",
        ]
    );
    let tenant = founded(&imported);
    let duties = |user| {
        tenant
            .as_of(at())
            .effective(user, Some("shop".into()), false)
            .unwrap()
            .len()
    };
    assert_eq!(duties("ana"), 2);
    assert!(decides(&tenant, "ana", "core.pods.get-it", "shop").is_permit());
}

#[test]
fn effective_access_as_a_table_says_where_what_and_until_when() {
    let tenant = Tenant::from_toml(
        r#"
        [[duty]]
        key = "finance.orders.approve"
        label = { en = "=Approve; orders", es = "+Aprobar, pedidos" }
        [[duty]]
        key = "finance.orders.view"
        [[module]]
        key = "parks"
        enabled = false
        [[duty]]
        key = "parks.rides.view"
        [[scope]]
        key = "bridge"
        [[scope]]
        key = "tunnel"
        [[limit]]
        key = "published"
        on = ["finance.orders.view"]
        requires = "published"
        [[user]]
        key = "zoe"
        name = "@Zoe \"Z\""
        [[user]]
        key = "ana"
        [[user]]
        key = "off"
        enabled = false
        [[grant]]
        holder = "everyone"
        on = "parks"
        [[grant]]
        holder = "user:off"
        on = "finance"
        [[grant]]
        holder = "user:zoe"
        on = "finance"
        until = "2026-02-01T00:00:00Z"
        [[revoke]]
        holder = "user:zoe"
        on = "finance.orders.approve"
        scope = "bridge"
        [[restrict]]
        holder = "user:zoe"
        limit = "published"
        scope = "bridge"
        [[grant]]
        holder = "user:ana"
        on = "finance.orders.approve"
        reach = "associated"
        ceiling = 50000
        [[item]]
        user = "ana"
        item = "case-7"
        on = ["finance.orders.view"]
        "#,
    )
    .unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let lines = |language| {
        let text = to_csv(tenant.as_of(at()), language).unwrap();
        assert_eq!(text, to_csv(tenant.clone().as_of(at()), language).unwrap());
        let lines: Vec<String> = text.split_terminator("\r\n").map(String::from).collect();
        lines
    };
    assert_eq!(
        lines(Language::English),
        [
            "user,name,scope,private item,duty,label,records,condition,ceiling,ceiling if associated,until,because",
            "ana,,,,finance.orders.approve,\"'=Approve; orders\",associated records,,50000,,,grant user:ana finance.orders.approve",
            "ana,,,case-7,finance.orders.view,,,,,,,item user:ana case-7",
            "zoe,\"'@Zoe \"\"Z\"\"\",,,finance.orders.approve,\"'=Approve; orders\",all records,,,,2026-02-01T00:00:00Z,grant user:zoe finance",
            "zoe,\"'@Zoe \"\"Z\"\"\",,,finance.orders.view,,all records,,,,2026-02-01T00:00:00Z,grant user:zoe finance",
            "zoe,\"'@Zoe \"\"Z\"\"\",bridge,,finance.orders.view,,all records,published,,,2026-02-01T00:00:00Z,grant user:zoe finance",
        ]
    );
    let spanish = lines(Language::Spanish);
    assert_eq!(
        spanish[..2],
        [
            "usuario,nombre,ámbito,elemento privado,función,etiqueta,registros,condición,tope,tope si está asociado,hasta,por",
            "ana,,,,finance.orders.approve,\"'+Aprobar, pedidos\",registros asociados,,50000,,,grant user:ana finance.orders.approve",
        ]
    );
}
