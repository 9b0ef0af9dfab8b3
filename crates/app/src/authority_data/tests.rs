//! What is decided about information, through acts, pages and programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use axum::http::StatusCode;
use platform::authz::{Actor, Side};
use platform::{Cx, Error};
use rules::authority_data::Outcome;
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::model::Details;
use super::{act, store};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, exempt, refused_by};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

/// That something is authority data, because the supplier made it for the contract.
pub(crate) async fn decided(cx: &Cx, contract: Uuid, information: &str) -> Uuid {
    act::add(cx, contract, &made(information)).await.unwrap()
}

fn made(information: &str) -> Details {
    Details { made_because_of_contract: "yes".to_owned(), ..Details::of(information) }
}

fn nothing(information: &str) -> Details {
    let no = || "no".to_owned();
    Details {
        received_from_authority: no(),
        received_for_authority: no(),
        made_because_of_contract: no(),
        processed_because_of_contract: no(),
        held_because_of_contract: no(),
        passed_on_because_of_contract: no(),
        personal_data: no(),
        ..Details::of(information)
    }
}

/// SEC-9b, OFF-2b: a box that says nothing is not known, and never a no.
#[test]
fn sec_9b_what_is_not_known_is_no_no() {
    let outcome = |details: &Details| details.decision().explained.outcome;
    assert_eq!(outcome(&Details::of("x")), Outcome::Undetermined);
    assert_eq!(outcome(&made("x")), Outcome::AuthorityData);
    assert_eq!(outcome(&nothing("x")), Outcome::NotAuthorityData);
    assert_eq!(outcome(&Details { held_because_of_contract: "not_known".to_owned(), ..nothing("x") }), Outcome::Undetermined);
    assert!(matches!(Details { medium: "stone".to_owned(), ..made("x") }.check(), Err(Error::Invalid(e)) if e.get("medium").is_some()));
    assert!(
        matches!(Details { personal_data: String::new(), ..made(" ") }.check(), Err(Error::Invalid(e)) if e.get("personal_data").is_some() && e.get("information").is_some())
    );
}

both_engines!(migrations, /// SEC-9b, OFF-2b: the answer is kept with its contract, with facts, outcome, who and when; facts that change decide anew, and the record says so.
async fn sec_9b_the_answer_is_kept_with_its_contract(db) {
    let world = World::new(db).await;
    let legal = world.official("legal").await;
    let id = act::add(&legal.cx, world.contract, &Details::of("Photographs of the piers")).await.unwrap();
    let kept = store::get(legal.cx.db(), id).await.unwrap().row;
    assert_eq!((kept.outcome.as_str(), kept.decided_by.as_str()), ("undetermined", legal.account.to_string().as_str()));
    let controller = world.official("data_controller").await;
    act::change(&controller.cx, id, 1, &made("Photographs of the piers")).await.unwrap();
    act::change(&controller.cx, id, 2, &made("Photographs of the piers")).await.unwrap();
    let kept = store::get(legal.cx.db(), id).await.unwrap().row;
    assert_eq!((kept.outcome.as_str(), kept.version, kept.decided_by), ("authority_data", 2, controller.account.to_string()));
    assert!(matches!(act::change(&legal.cx, id, 1, &nothing("Photographs")).await, Err(Error::Stale(_))));
    let lines = platform::book::timeline(&world.app.operator(), "authority_data", &id.to_string(), 10).await.unwrap();
    let outcomes: Vec<_> = lines.iter().map(|line| line.about["outcome"].clone()).collect();
    assert_eq!(outcomes, ["undetermined", "authority_data"]);
    assert!(lines[1].about["rules"].contains("made_because_of_contract"), "{lines:?}");
    for role in ["administrator", "assessor", "procurement_lead", "owner", "management", "internal_audit"] {
        refused_by(act::add(&world.official(role).await.cx, world.contract, &made("x")).await, "nothing-permits");
    }
    refused_by(act::add(&world.person("supplier_lead", world.lead.0).await.cx, world.contract, &made("x")).await, "nothing-permits");
    let nowhere = act::add(&legal.cx, Uuid::from_u128(5), &made("x")).await;
    assert!(matches!(nowhere, Err(Error::Invalid(e)) if e.get("contract").is_some()));
    // Other decisions read it: what is authority data first.
    act::add(&legal.cx, world.contract, &nothing("A menu")).await.unwrap();
    let all = store::on_contract(legal.cx.db(), &legal.cx.actor, world.contract).await.unwrap();
    assert_eq!(all.iter().map(|row| row.information.as_str()).collect::<Vec<_>>(), ["Photographs of the piers", "A menu"]);
});

both_engines!(migrations, /// SEC-9b, OFF-2b: decided on the page with its reasons, read by the chain of the contract and by nobody else; anybody tries it out.
async fn off_2b_decided_and_read_on_pages(db) {
    let world = World::new(db).await;
    let mut manager = world.official("contract_manager").await.browser(&world);
    assert!(manager.get(&format!("/contracts/{}", world.contract)).await.body.contains(&format!("/authority-data?contract={}", world.contract)));
    assert!(manager.get("/authority-data").await.text().contains("Nothing decided yet"));
    let form = manager.get(&format!("/authority-data/add?contract={}", world.contract)).await;
    let (to, fields) = form.fill("/authority-data/add", &[("information", "Photographs of the piers")]);
    let again = manager.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text());
    let names = ["received_from_authority", "received_for_authority", "processed_because_of_contract", "held_because_of_contract", "passed_on_because_of_contract", "personal_data", "authority_controls", "medium"];
    let mut given: Vec<(&str, &str)> = names.iter().map(|name| (*name, "not_known")).collect();
    given.push(("made_because_of_contract", "yes"));
    let (to, fields) = again.fill("/authority-data/add", &given);
    let made = manager.post_raw(&to, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let at = made.location();
    for party in [world.lead.0, world.sub.0] {
        let mut browser = world.person("supplier_member", party).await.browser(&world);
        let page = browser.get(&at).await;
        for word in ["Photographs of the piers", "This is authority data.", "You made it because of the contract", "SEC-9b"] {
            assert!(page.text().contains(word), "{word}: {}", page.text());
        }
        assert!(!page.body.contains("/change") && browser.get("/authority-data").await.text().contains("Photographs"));
        assert_eq!(browser.get(&format!("{at}/change")).await.status, StatusCode::NOT_FOUND);
    }
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get(&at).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/authority-data").await.text().contains("Photographs"));
    let mut nobody = world.app.browser();
    let tried = nobody.get("/check/authority-data?asked=1&received_from_authority=yes").await;
    assert!(tried.text().contains("This is authority data."), "{}", tried.text());
    let open = nobody.get("/check/authority-data?asked=1").await;
    assert!(open.text().contains("Treat it as authority data until the answer is known"), "{}", open.text());
});

both_engines!(migrations, /// SEC-9b, OFF-2b: the decision on work abroad reads what was kept, and says so where the answers claim that nothing is reached.
async fn off_2b_the_decision_on_work_abroad_reads_it(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let draft = world.draft(&lead, world.lead.1, exempt(world.lead.0)).await;
    let path = format!("/proposals/{draft}/classification");
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    assert!(page.text().contains("Nothing was decided about information under this contract"), "{}", page.text());
    let legal = world.official("legal").await;
    act::add(&legal.cx, world.contract, &nothing("A menu")).await.unwrap();
    assert!(!browser.get(&path).await.text().contains("see whether the work reaches it"));
    decided(&legal.cx, world.contract, "Photographs of the piers").await;
    let page = browser.get(&path).await;
    assert!(page.text().contains("Photographs of the piers") && page.text().contains("see whether the work reaches it"), "{}", page.text());
});

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let all = store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let may = |of: &&store::Kept| app.core.authz.check(actor, "authority_data.view", *of).is_ok();
    let allowed: BTreeSet<Uuid> = all.iter().filter(may).map(|of| of.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-9b, OWN-3: a list of decisions shows what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let cx = app.acting("security", authority);
    let enter = async |_, place: Option<Uuid>| {
        if let Some(place) = place {
            let contract = crate::contract::chain::place(cx.db(), place).await.unwrap().row.contract;
            decided(&cx, contract, "Somewhere").await;
        }
    };
    in_random_chains(&app, 4, enter, async |actor: &Actor| agree(&app, actor).await).await;
});
