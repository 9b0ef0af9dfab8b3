//! Imports by browser without JavaScript, and a proposal on an imported contract from its pack to its decision.

use axum::http::StatusCode;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::crawl::release;
use crate::migrations::migrations;
use crate::offshoring::act::{self, Approving, Recommending};
use crate::offshoring::tests::world::{Person, World, answers};
use crate::{contract, pack, party};

/// A package of two releases, with names as buyers publish them, and one that cannot be taken.
fn package() -> Value {
    json!({"uri": "https://data.example/1", "version": "1.1", "releases": [
        release("1", "Mizzen Works"), release("2", "Ångström & Söhne <Ltd>"), {"id": "r3", "tag": ["award"]},
    ]})
}

async fn upload(browser: &mut Browser, files: &[(&str, &str, &[u8])]) -> Page {
    let start = browser.get("/contracts/import").await;
    assert_eq!(start.status, StatusCode::OK, "{}", start.text());
    browser.upload(&start, "/contracts/import", files).await
}

async fn contracts(world: &World) -> Vec<contract::store::Model> {
    let query = contract::store::Entity::find().order_by_asc(contract::store::Column::Title);
    let all = query.all(world.app.core.db.reader()).await.unwrap();
    all.into_iter().filter(|c| c.state != contract::store::HIDDEN).collect()
}

async fn names(world: &World) -> Vec<String> {
    party::store::all(world.app.core.db.reader()).await.unwrap().into_iter().map(|(_, name, _)| name).collect()
}

both_engines!(migrations, /// OUT-0: a manager uploads what buyers publish, sees what would come, brings it in, finds it, and takes it back.
async fn published_contracts_are_brought_in_and_taken_back_by_browser(db) {
    let world = World::new(db).await;
    let mut browser = world.official("contract_manager").await.browser(&world);
    let bytes = package().to_string();
    let before = (contracts(&world).await.len(), names(&world).await.len());
    let preview = upload(&mut browser, &[("files", "march.json", bytes.as_bytes())]).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text());
    for part in ["Check this import", "march.json", "Releases read 3", "New 2", "Kept out 1", "Kept out, with reasons"] {
        assert!(preview.text().contains(part), "{part}: {}", preview.text());
    }
    assert_eq!((contracts(&world).await.len(), names(&world).await.len()), before, "nothing came in yet");
    let (path, filled) = preview.fill("/apply", &[]);
    let done = browser.post_raw(&path, &filled).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(browser.post_raw(&path, &filled).await.location(), done.location(), "a double click leads to the same place");
    let applied = browser.get(&done.location()).await;
    for part in ["Imported", "Contracts added 2", "Parties added 2"] {
        assert!(applied.text().contains(part), "{part}: {}", applied.text());
    }
    assert_eq!((contracts(&world).await.len(), names(&world).await.len()), (before.0 + 2, before.1 + 2));
    let parties = browser.get("/parties?q=mizzen").await;
    assert!(parties.text().contains("Mizzen Works"), "{}", parties.text());
    let odd = browser.get("/parties").await;
    assert!(odd.text().contains("Ångström & Söhne <Ltd>") && !odd.body.contains("<Ltd>"), "{}", odd.text());

    let again = upload(&mut browser, &[("files", "march.json", bytes.as_bytes())]).await;
    for part in ["New 0", "Known already 2", "There is nothing to bring in"] {
        assert!(again.text().contains(part), "{part}: {}", again.text());
    }
    assert!(!again.has_form("/apply"));
    let start = browser.get("/contracts/import").await;
    assert!(start.text().contains("Earlier imports") && start.text().contains("Brought in"), "{}", start.text());

    let applied = browser.get(&done.location()).await;
    let undone = browser.submit(&applied, "/undo", &[]).await;
    assert!(undone.text().contains("This import was taken back"), "{}", undone.text());
    assert_eq!((contracts(&world).await.len(), names(&world).await.len()), before);
    assert!(!browser.get("/parties").await.text().contains("Mizzen"));
    assert!(!undone.has_form("/undo") && !undone.has_form("/apply"));
});

both_engines!(migrations, /// OUT-0: what is no upload, no file, too large or not theirs is answered clearly.
async fn odd_uploads_are_answered_clearly(db) {
    let world = World::with(db, |settings| {
        settings.limits.upload_mib = 1;
        settings.limits.form_kib = 64;
    })
    .await;
    let mut browser = world.official("contract_manager").await.browser(&world);
    let nothing = upload(&mut browser, &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("Choose at least one file"), "{}", nothing.text());

    let start = browser.get("/contracts/import").await;
    let (_, fields) = start.fill("/contracts/import", &[]);
    let csrf = fields.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
    let token = format!("--mark\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n");
    let file = "--mark\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.json\"\r\n\r\n";
    for (what, body) in [
        ("empty", Vec::new()),
        ("no part", b"hello".to_vec()),
        ("cut short", format!("{token}{file}{{\"releases\"").into_bytes()),
        ("no end", format!("{token}{file}{{}}\r\n").into_bytes()),
        ("no token", format!("{file}{{}}\r\n--mark--\r\n").into_bytes()),
        ("token behind the file", format!("{file}{{}}\r\n{token}--mark--\r\n").into_bytes()),
        ("a nameless part", format!("{token}--mark\r\n\r\nx\r\n--mark--\r\n").replace("csrf", "csrv").into_bytes()),
        ("no text in a field", [token.as_bytes(), b"--mark\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\xff\xfe\r\n--mark--\r\n"].concat()),
    ] {
        let page = browser.upload_raw("/contracts/import", body).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}: {}", page.text());
        assert!(page.body.contains("<h1"), "{what}");
    }
    let big = [token.as_bytes(), file.as_bytes(), &vec![b' '; 2 << 20][..], b"\r\n--mark--\r\n"].concat();
    let page = browser.upload_raw("/contracts/import", big).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", page.text());
    assert!(page.body.contains("<h1"));
    assert!(crate::import::store::Entity::find().all(world.app.core.db.reader()).await.unwrap().is_empty(), "no run began");

    // What is a file but no release is kept out with its reasons, not refused.
    for odd in [&b"not json"[..], b"\xff\xfe\x00", b"", b"[[[[", b"{\"releases\": 7}", b"null"] {
        let page = upload(&mut browser, &[("files", "../odd/x.json", odd)]).await;
        assert_eq!(page.status, StatusCode::OK, "{odd:?}: {}", page.text());
        assert!(!page.has_form("/apply"));
    }
    for role in ["assessor", "internal_audit"] {
        let mut other = world.official(role).await.browser(&world);
        let body = [token.as_bytes(), file.as_bytes(), b"{}\r\n--mark--\r\n"].concat();
        let page = other.upload_raw("/contracts/import", body).await;
        assert!(page.status.is_client_error(), "{role}: {}", page.status);
    }
});

both_engines!(migrations, /// OUT-0: a page of a public buyer's interface is brought in whole by browser.
async fn a_real_page_is_brought_in_by_browser(db) {
    let Some(shared) = testkit::shared_data() else { return };
    let bytes = std::fs::read(shared.join("ocds/contracts_finder_api_page_visible.json")).unwrap();
    let world = World::new(db).await;
    let mut browser = world.official("contract_manager").await.browser(&world);
    let before = contracts(&world).await.len();
    let preview = upload(&mut browser, &[("files", "page.json", &bytes)]).await;
    let applied = browser.submit(&preview, "/apply", &[]).await;
    assert!(applied.text().contains("Imported"), "{}", applied.text());
    assert!(contracts(&world).await.len() > before);
    let again = upload(&mut browser, &[("files", "page.json", &bytes)]).await;
    assert!(again.text().contains("There is nothing to bring in") && again.text().contains("New 0"), "{}", again.text());
});

/// Takes a proposal of this supplier from the contract's pack to its approval.
async fn to_decision(world: &World, manager: &Person, on: Uuid) {
    let place = contract::store::standing(world.app.core.db.reader(), on).await.unwrap().remove(0);
    let (place, supplier) = (place.id, place.party);
    let offshoring = pack::packs(&world.app.core).newest("offshoring").unwrap().edition.clone();
    let put = contract::act::put_pack(&manager.cx, on, "offshoring", &offshoring, None).await;
    assert!(put.is_err(), "a withdrawn pack asks for a reason");
    contract::act::put_pack(&manager.cx, on, "offshoring", &offshoring, Some("The contract names it")).await.unwrap();
    let lead = world.person("supplier_lead", supplier).await;
    let mut browser = lead.browser(world);
    let start = browser.get("/proposals/new").await;
    assert_eq!(start.status, StatusCode::OK);
    let begun = browser.submit(&start, "/proposals/new", &[("place", &place.to_string())]).await;
    let id: Uuid = begun.path.split('/').nth(2).unwrap().parse().unwrap();
    assert_eq!(world.case(id).await.edition, offshoring);
    world.answer(&lead.cx, id, answers(supplier)).await;
    let check = browser.get(&format!("/proposals/{id}/check")).await;
    let sent = browser.submit(&check, "/submit", &[("declaration", "yes")]).await;
    assert!(sent.text().contains("OFF-2026-000001"), "{}", sent.text());
    let (assessor, security, boss) =
        (world.official("assessor").await, world.official("security").await, world.official("management").await);
    let mut checking = manager.browser(world);
    let step = checking.get(&format!("/proposals/{id}/step/pass_on")).await;
    checking.submit(&step, "/step/pass_on", &[]).await;
    world.judge_all(&assessor, id).await;
    act::assess(&assessor.cx, id, world.version(id).await, "Few people, nothing personal.").await.unwrap();
    act::recommend(&security.cx, id, world.version(id).await, Recommending::Approve, "The risk left is low.").await.unwrap();
    let approving = Approving {
        reason: "Low risk".to_owned(),
        conditions: "Tell us of every change".to_owned(),
        more_controls: Vec::new(),
        from: jiff::civil::date(2026, 6, 1),
        to: jiff::civil::date(2027, 5, 31),
    };
    act::approve(&boss.cx, id, world.version(id).await, &approving).await.unwrap();
    assert_eq!(world.case(id).await.stage, "approved");
    let letter = browser.get(&format!("/proposals/{id}/letter")).await;
    assert!(letter.text().contains("Tell us of every change"), "{}", letter.text());
}

both_engines!(migrations, /// OFF-8, OFF-10, OUT-0: a proposal on an imported contract comes from its pack to its decision; the import can then not be taken back over it.
async fn a_proposal_on_an_imported_contract_comes_to_its_decision(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut browser = manager.browser(&world);
    let preview = upload(&mut browser, &[("files", "march.json", package().to_string().as_bytes())]).await;
    let applied = browser.submit(&preview, "/apply", &[]).await;
    let on = contracts(&world).await.into_iter().find(|c| c.title == "Parking meters 1").unwrap().id;
    to_decision(&world, &manager, on).await;
    let undone = browser.submit(&applied, "/undo", &[]).await;
    assert!(undone.text().contains("Contracts left in place because they were worked on 1"), "{}", undone.text());
    assert!(contracts(&world).await.iter().any(|c| c.id == on));
});

both_engines!(migrations, /// OFF-8, OUT-0: a contract on which a proposal was begun stays when its import is taken back, and its chain with it.
async fn an_import_is_not_taken_back_over_a_proposal(db) {
    let world = World::new(db).await;
    let mut browser = world.official("contract_manager").await.browser(&world);
    let preview = upload(&mut browser, &[("files", "march.json", package().to_string().as_bytes())]).await;
    let applied = browser.submit(&preview, "/apply", &[]).await;
    let on = contracts(&world).await.into_iter().find(|c| c.title == "Parking meters 1").unwrap().id;
    let db = world.app.core.db.reader();
    let place = contract::store::standing(db, on).await.unwrap().remove(0);
    let lead = world.person("supplier_lead", place.party).await;
    let id = act::begin(&lead.cx, place.id).await.unwrap();
    let undone = browser.submit(&applied, "/undo", &[]).await;
    assert!(undone.text().contains("Contracts left in place because they were worked on 1"), "{}", undone.text());
    assert!(contracts(&world).await.iter().any(|c| c.id == on));
    assert_eq!(lead.browser(&world).get(&format!("/proposals/{id}")).await.status, StatusCode::OK);
});

both_engines!(migrations, /// OFF-8, OFF-10, OUT-0: the same on a contract that a public buyer really published.
async fn a_proposal_on_a_real_contract_comes_to_its_decision(db) {
    let Some(shared) = testkit::shared_data() else { return };
    let bytes = std::fs::read(shared.join("ocds/contracts_finder_api_page_visible.json")).unwrap();
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let known: Vec<Uuid> = contracts(&world).await.into_iter().map(|c| c.id).collect();
    let mut browser = manager.browser(&world);
    let preview = upload(&mut browser, &[("files", "page.json", &bytes)]).await;
    browser.submit(&preview, "/apply", &[]).await;
    let db = world.app.core.db.reader();
    let imported: Vec<_> = contracts(&world).await.into_iter().filter(|c| !known.contains(&c.id)).map(|c| c.id).collect();
    for on in imported {
        if contract::store::get(db, on).await.unwrap().leads.len() == 1 {
            return to_decision(&world, &manager, on).await;
        }
    }
    panic!("no imported contract has a lead contractor");
});
