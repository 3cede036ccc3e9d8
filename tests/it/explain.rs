//! Why: the account of a decision, and that it agrees with the decision.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the town hall is known"
)]

use bailiwick::AsOf;
use bailiwick::Explanation;
use bailiwick::Language;
use bailiwick::Resource;
use bailiwick::Standing;
use bailiwick::Tenant;
use bailiwick::document::Document;
use bailiwick::policy::Amount;

pub(crate) fn town_hall() -> Tenant {
    let document = Document::from_toml(include_str!("../../examples/why.toml")).unwrap();
    Tenant::found(&document.policy).unwrap()
}

fn why(tenant: &Tenant, user: &str, duty: &str, resource: &Resource<'_>) -> Explanation {
    asked(tenant).explain(user, duty, resource).unwrap()
}

fn asked(tenant: &Tenant) -> AsOf<'_> {
    tenant.as_of("2026-02-01T09:00:00Z".parse().unwrap())
}

#[test]
#[expect(clippy::too_many_lines, reason = "one row for every kind of answer")]
fn every_answer_is_one_sentence() {
    let tenant = town_hall();
    let plain = Resource::default();
    let works = Resource {
        scope: Some("works".into()),
        ..plain
    };
    let dear = Resource {
        amount: Amount::new(600_000),
        ..plain
    };
    let case = Resource {
        private: true,
        item: Some("case-12"),
        ..plain
    };
    let other = Resource {
        item: Some("case-1"),
        ..case
    };
    let treasury = Resource {
        team: Some("treasury".into()),
        ..plain
    };
    let rows = [
        (
            "ana",
            "finance.ledger.view",
            plain,
            "Ana Ruiz may perform “See the ledger”: the profile “Buyer”, assigned to Ana Ruiz, gives it",
            "Ana Ruiz puede ejercer «Ver el libro mayor»: el perfil «Compras», asignado a Ana Ruiz, lo da",
        ),
        (
            "ana",
            "finance.ledger.edit",
            plain,
            "Ana Ruiz may not perform “Post to the ledger”: the level of the group “Clerks” on “finance.ledger” is set to “see”, which stops short of it",
            "Ana Ruiz no puede ejercer «Asentar en el libro mayor»: el nivel del grupo «Oficiales» en «finance.ledger» está fijado en «ver», que no llega a tanto",
        ),
        (
            "ana",
            "finance.order.approve",
            works,
            "Ana Ruiz may perform “Approve purchase orders” at “Public works”: the profile “Buyer”, assigned to Ana Ruiz, gives it, and the profile “Senior buyer”, assigned to Ana Ruiz at “Public works”, gives it",
            "Ana Ruiz puede ejercer «Aprobar órdenes de compra» en «Obras públicas»: el perfil «Compras», asignado a Ana Ruiz, lo da, y el perfil «Compras, responsable», asignado a Ana Ruiz en «Obras públicas», lo da",
        ),
        (
            "ana",
            "finance.order.approve",
            dear,
            "Ana Ruiz may not perform “Approve purchase orders”: the amount, 600,000 minor units, is above the ceiling in force, 500,000 minor units",
            "Ana Ruiz no puede ejercer «Aprobar órdenes de compra»: el importe, 600.000 unidades menores, supera el tope vigente, 500.000 unidades menores",
        ),
        // Silence after a grant that has lapsed …
        (
            "ana",
            "finance.funds.certify",
            plain,
            "Ana Ruiz may not perform “Certify funds”: nothing grants it any more, for the grant of “Certify funds” to Ana Ruiz held until 1 January 2026 at 00:00 UTC",
            "Ana Ruiz no puede ejercer «Certificar fondos»: ya nada lo concede, pues la concesión de «Certificar fondos» a Ana Ruiz rigió hasta el 1 de enero de 2026 a las 00:00 UTC",
        ),
        // … and silence that was never broken.
        (
            "ana",
            "permits.file.decide",
            plain,
            "Ana Ruiz may not perform “Decide permit files”: nothing grants it",
            "Ana Ruiz no puede ejercer «Resolver expedientes de licencia»: nada lo concede",
        ),
        (
            "ana",
            "archive.box.fetch",
            plain,
            "Ana Ruiz may not perform “Fetch boxes”: the module “Archive” is switched off",
            "Ana Ruiz no puede ejercer «Sacar cajas»: el módulo «Archivo» está desactivado",
        ),
        (
            "ben",
            "finance.ledger.edit",
            plain,
            "Ben Ode may perform “Post to the ledger”: the group “Staff” is granted “finance.ledger”",
            "Ben Ode puede ejercer «Asentar en el libro mayor»: al grupo «Personal» se le concede «finance.ledger»",
        ),
        (
            "ben",
            "permits.file.decide",
            plain,
            "Ben Ode may not perform “Decide permit files”: the limit “Completed files only” requires `completed`, which the record is not",
            "Ben Ode no puede ejercer «Resolver expedientes de licencia»: el límite «Solo expedientes completos» exige `completed`, y el registro no lo está",
        ),
        (
            "ben",
            "permits.file.view",
            case,
            "Ben Ode may perform “See permit files” until 1 March 2026 at 00:00 UTC: Ben Ode has a right on the private item “case-12” that includes it",
            "Ben Ode puede ejercer «Ver expedientes de licencia» hasta el 1 de marzo de 2026 a las 00:00 UTC: Ben Ode tiene un derecho sobre el elemento privado «case-12» que lo incluye",
        ),
        (
            "ben",
            "permits.file.view",
            other,
            "Ben Ode may not perform “See permit files”: no right on this private item includes it",
            "Ben Ode no puede ejercer «Ver expedientes de licencia»: ningún derecho sobre este elemento privado lo incluye",
        ),
        (
            "ben",
            "finance.ledger.view",
            treasury,
            "Ben Ode may not perform “See the ledger”: records of the team “Treasury” are not visible to Ben Ode",
            "Ben Ode no puede ejercer «Ver el libro mayor»: los registros del equipo «Tesorería» no son visibles para Ben Ode",
        ),
        (
            "carla",
            "finance.ledger.view",
            plain,
            "Carla Soto may not perform “See the ledger”: the login of Carla Soto is disabled",
            "Carla Soto no puede ejercer «Ver el libro mayor»: el acceso de Carla Soto está desactivado",
        ),
        (
            "ines",
            "finance.funds.certify",
            works,
            "Inés Vidal may not perform “Certify funds” at “Public works”: “Certify funds” is explicitly revoked from Inés Vidal",
            "Inés Vidal no puede ejercer «Certificar fondos» en «Obras públicas»: a Inés Vidal se le revoca expresamente «Certificar fondos»",
        ),
        (
            "ines",
            "permits.file.view",
            plain,
            "Inés Vidal may not perform “See permit files”: Inés Vidal is granted “See permit files”, for associated records only, and this one is not linked to Inés Vidal",
            "Inés Vidal no puede ejercer «Ver expedientes de licencia»: a Inés Vidal se le concede «Ver expedientes de licencia», solo para registros asociados, y este no está vinculado a Inés Vidal",
        ),
        (
            "omar",
            "finance.ledger.view",
            plain,
            "Omar Paz may perform “See the ledger”: the tenant is open for duties of this sensitivity",
            "Omar Paz puede ejercer «Ver el libro mayor»: la organización está abierta para funciones de esta sensibilidad",
        ),
    ];
    for (user, duty, resource, english, spanish) in rows {
        let why = why(&tenant, user, duty, &resource);
        assert_eq!(why.short(Language::English), english);
        assert_eq!(why.short(Language::Spanish), spanish);
    }
}

#[test]
fn the_whole_account_tells_every_source_and_its_fate() {
    let tenant = town_hall();
    let bridge = Resource {
        scope: Some("bridge".into()),
        ..Resource::default()
    };
    let why = why(&tenant, "ines", "finance.funds.certify", &bridge);
    let fates: Vec<&Standing> = why.statements.iter().map(|said| &said.standing).collect();
    assert_eq!(
        fates,
        [
            &Standing::Overridden { by: 1 },
            &Standing::Prevails,
            &Standing::GivesWay { to: vec![1] }
        ]
    );
    let english = "\
Inés Vidal may not perform “Certify funds” at “The bridge”: “Certify funds” is explicitly revoked from Inés Vidal.
Asked on 1 February 2026 at 09:00 UTC, of `finance.funds.certify` on a public record at “The bridge”, not linked to Inés Vidal.
Time alone will not change this answer.
First the gates:
- The login of Inés Vidal is enabled.
- The module “Finance” is switched on.
Then the layers, from the least to the most specific:
- Entries on the user: Inés Vidal is granted “Finance” (granted); stated in the founding document, without an end. Overridden by the more specific revoke of “Certify funds” from Inés Vidal.
- Entries on the user: “Certify funds” is explicitly revoked from Inés Vidal (revoked); stated in the founding document, because “she signs the accounts”, on document “AUD-7”, without an end. This decides among the layers.
- Entries on the user: Inés Vidal is granted “Finance” at “Public works” (granted); stated in the founding document, without an end. In the same layer it gives way to the revoke of “Certify funds” from Inés Vidal.
";
    assert_eq!(why.long(Language::English), english);
    let spanish = "\
Inés Vidal no puede ejercer «Certificar fondos» en «El puente»: a Inés Vidal se le revoca expresamente «Certificar fondos».
Preguntado el 1 de febrero de 2026 a las 09:00 UTC, sobre `finance.funds.certify` en un registro público en «El puente», no vinculado a Inés Vidal.
El mero paso del tiempo no cambiará esta respuesta.
Primero las barreras:
- El acceso de Inés Vidal está activado.
- El módulo «Hacienda» está activado.
Después las capas, de la menos a la más específica:
- Lo propio del usuario: a Inés Vidal se le concede «Hacienda» (concedida); consta en el documento fundacional, sin fin. La anula algo más específico, la revocación de «Certificar fondos» a Inés Vidal.
- Lo propio del usuario: a Inés Vidal se le revoca expresamente «Certificar fondos» (revocada); consta en el documento fundacional, porque «she signs the accounts», con el documento «AUD-7», sin fin. Esto decide entre las capas.
- Lo propio del usuario: a Inés Vidal se le concede «Hacienda» en «Obras públicas» (concedida); consta en el documento fundacional, sin fin. En la misma capa cede ante la revocación de «Certificar fondos» a Inés Vidal.
";
    assert_eq!(why.long(Language::Spanish), spanish);
}

#[test]
fn amounts_are_told_with_what_set_the_ceiling() {
    let tenant = town_hall();
    let bridge = Resource {
        scope: Some("bridge".into()),
        amount: Amount::new(600_000),
        ..Resource::default()
    };
    let why = why(&tenant, "ana", "finance.order.approve", &bridge);
    let ceiling = why.ceiling.as_ref().unwrap();
    assert_eq!(ceiling.in_force, Amount::new(5_000_000));
    assert_eq!(ceiling.set_by, [1]);
    assert!(!ceiling.exceeded);
    assert_eq!(
        why.statements[1].text,
        "assign user:ana senior-buyer @works"
    );
}

#[test]
fn as_data_it_carries_keys() {
    let tenant = town_hall();
    let why = why(&tenant, "ana", "finance.ledger.edit", &Resource::default());
    let data = serde_json::to_value(&why).unwrap();
    assert_eq!(data["decision"], serde_json::json!({ "deny": "withheld" }));
    assert_eq!(data["because"][0], "level group:clerks finance.ledger=view");
    assert_eq!(
        data["statements"][0]["standing"],
        serde_json::json!({ "replaced": { "by": "group-2" } })
    );
    assert_eq!(
        data["statements"][1]["provenance"]["reason"],
        "clerks look, they do not post"
    );
}
