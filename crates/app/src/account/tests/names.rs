//! Names and e-mail addresses are sealed, found by whole words, and gone with their key. OWN-4.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use platform::authz::{Actor, Side};
use platform::cases::people;
use platform::clock::HOUR;
use platform::cx::Entry;
use platform::identity::{account, holder};
use platform::{Cx, jobs, mail};
use sea_orm::{ActiveValue, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use testkit::{Browser, PostOffice, both_engines};
use uuid::Uuid;

use crate::account::act::{self, Caller, Invite};
use crate::account::{model, store};
use crate::migrations::migrations;
use crate::testing::{PASSWORD, TestApp};

fn person(name: &str, email: &str, party: Uuid, role: &str) -> Invite {
    Invite { email: email.into(), name: name.into(), party, role: role.into(), ..Invite::default() }
}

/// The rows that hold one of these texts, as text or as bytes, whatever their capitals.
async fn holding(app: &TestApp, texts: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in app.db.everything().await {
        for row in rows.iter().map(|row| row.to_lowercase()) {
            for text in texts {
                let text = text.to_lowercase();
                if row.contains(&text) || row.contains(&hex::encode(&text)) || row.contains(&hex::encode(text.replace('"', "\\\""))) {
                    found.push(format!("{text} in {table}: {row}"));
                }
            }
        }
    }
    found
}

/// The names and addresses of everybody who has an account.
async fn everybody(app: &TestApp) -> BTreeSet<String> {
    let rows = account::Entity::find().all(app.core.db.reader()).await.unwrap();
    let holders = holder::all(&app.core, app.core.db.reader(), &rows).await.unwrap();
    assert_eq!(holders.len(), rows.len());
    holders.into_values().flat_map(|holder| [holder.name, holder.email.unwrap()]).collect()
}

both_engines!(migrations, /// OWN-4: after the demonstration's story, and after people were invited, signed in, mistook their passwords, asked for new ones and
/// could not be written to, no column of any table holds a name or an e-mail address of anybody's account in the open.
async fn own_4_names_are_nowhere_in_the_open(db) {
    let office = PostOffice::open();
    let address = office.address();
    let app = TestApp::demonstration_with(db, |settings| {
        settings.mail.smtp = address;
        settings.checkpoints.mail = vec!["auditor@assurance.example".into()];
    }).await;
    let party = crate::party::store::all(app.core.db.reader()).await.unwrap().into_iter().find(|p| p.1 == "Halyard Systems").unwrap().0;
    let operator = app.operator();
    act::invite(&operator, &person("Zoë Quillfeather", "nobody.quillfeather@people.example", party, "supplier_member")).await.unwrap();
    act::invite(&operator, &person("Wren Tallis", "wren.tallis@people.example", party, "supplier_lead")).await.unwrap();
    let mut texts = everybody(&app).await;
    assert!(texts.len() > 20 && texts.contains("Mina Okafor") && texts.contains("wren.tallis@people.example"), "{texts:?}");
    // Surnames and what stands before the @ would tell as much; so would an address that is tried or told in vain.
    texts.extend(["quillfeather", "tallis", "okafor", "stranger.danger", "auditor@assurance"].map(str::to_owned));
    assert_eq!(holding(&app, &texts).await, Vec::<String>::new(), "while messages wait");
    app.work().await;
    let letter = office.messages().iter().find(|m| m.contains("wren.tallis")).unwrap().replace("=\r\n", "");
    let at = letter.find("/sign-in/link/").unwrap() + "/sign-in/link/".len();
    let nobody = Cx::new(&app.core, Actor::Anonymous).unwrap();
    act::accept(&nobody, &Caller::default(), &letter[at..at + 43], PASSWORD).await.unwrap();
    for email in ["wren.tallis@people.example", "stranger.danger@people.example"] {
        let mut browser = app.browser();
        let page = browser.get("/sign-in").await;
        let wrong = browser.submit(&page, "/sign-in", &[("email", email), ("password", "surely not this one")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        act::ask_for_reset(&nobody, email).await.unwrap();
    }
    let mut browser = app.browser();
    app.sign_in(&mut browser, "wren.tallis@people.example").await;
    assert!(browser.get("/account").await.text().contains("Wren Tallis"));
    let page = browser.get("/account/tokens/new").await;
    let fields = [("name", "Tallis at night"), ("days", "30"), ("scopes", "registers:read")];
    assert_eq!(browser.submit(&page, "/account/tokens/new", &fields).await.status, StatusCode::OK);
    assert!(browser.get("/account/tokens").await.text().contains("Tallis at night"));
    assert_eq!(holding(&app, &texts).await, Vec::<String>::new(), "while a reset waits");
    jobs::plan(&app.core).await.unwrap();
    for _ in 0..3 {
        app.advance(HOUR);
        app.work().await;
    }
    let sent = office.messages();
    assert!(sent.iter().any(|m| m.contains("auditor@assurance.example")), "no checkpoint was mailed");
    let dead = jobs::row::Entity::find().filter(jobs::row::Column::Kind.eq(mail::JOB)).filter(jobs::row::Column::State.eq("dead"));
    assert_eq!(dead.count(app.core.db.reader()).await.unwrap(), 1, "one has no mailbox");
    assert_eq!(holding(&app, &texts).await, Vec::<String>::new(), "when all is done");
    // It would have been found: a name in the open is.
    assert!(holding(&app, &BTreeSet::from(["Halyard Systems".to_owned()])).await.iter().any(|row| row.contains("in party: ")));
});

both_engines!(migrations, /// OWN-4: a sealed name or address belongs to its account and its field: put elsewhere, it does not open.
async fn own_4_swapped_names_are_noticed(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Supplier, "Halyard Systems").await;
    let [one, two] = [app.account("supplier_lead", party).await, app.account("supplier_lead", party).await];
    let raw = app.db.raw().await;
    let row = async |id: Uuid| account::Entity::find_by_id(id).one(&raw).await.unwrap().unwrap();
    let (first, second) = (row(one.account).await, row(two.account).await);
    let lay = async |id: Uuid, name: &[u8], email: &[u8]| {
        let change = account::ActiveModel {
            id: ActiveValue::Unchanged(id),
            sealed_name: ActiveValue::Set(name.to_vec()),
            sealed_email: ActiveValue::Set(email.to_vec()),
            ..Default::default()
        };
        account::Entity::update(change).exec(&raw).await.unwrap();
        holder::of(&app.core, &raw, &row(id).await).await
    };
    assert_eq!(lay(one.account, &first.sealed_name, &first.sealed_email).await.unwrap().address(), one.email);
    for (name, email) in [
        (&second.sealed_name, &first.sealed_email),
        (&first.sealed_name, &second.sealed_email),
        (&second.sealed_name, &second.sealed_email),
        (&first.sealed_email, &first.sealed_name),
        (&first.sealed_email, &first.sealed_email),
    ] {
        let said = lay(one.account, name, email).await.unwrap_err().to_string();
        assert!(said.contains("does not open") && !said.contains(&one.email), "{said}");
    }
    // Nothing of somebody is opened before their password was right: a wrong one is answered as an unknown address is.
    let mut browser = app.browser();
    let page = browser.get("/sign-in").await;
    let wrong = browser.submit(&page, "/sign-in", &[("email", &one.email), ("password", "not the password at all")]).await;
    let unknown = browser.submit(&page, "/sign-in", &[("email", "nobody@people.example"), ("password", PASSWORD)]).await;
    assert_eq!((wrong.status, wrong.text()), (StatusCode::UNPROCESSABLE_ENTITY, unknown.text()));
    raw.close().await.unwrap();
});

/// The names that this search finds, on the page.
async fn found(browser: &mut Browser, words: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    let page = browser.get(&format!("/accounts?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{words}: {}", page.text());
    let mut names = page.select("table tbody a");
    names.sort();
    names
}

both_engines!(migrations, /// OWN-4: people are found by whole words of name and address, capitals and accents folded, all words at once; a part of a word finds
/// nobody, and the page says so. A lead finds its own people only.
async fn own_4_people_are_found_by_whole_words(db) {
    let app = TestApp::new(db);
    let (authority, own, other) =
        (app.party(Side::Authority, "Port Authority").await, app.party(Side::Supplier, "Halyard Systems").await, app.party(Side::Supplier, "Bowline Works").await);
    let lead = app.account("supplier_lead", own).await;
    let boss = app.account("administrator", authority).await;
    let cx = app.operator();
    for (name, email, party) in [
        ("Zoë O'Neil-Strand", "z.strand@halyard.example", own),
        ("Zoe Marlow", "zoe@bowline.example", other),
        ("Łukasz Strand", "lukasz_s@bowline.example", other),
        ("J. R. Ebersbach", "ebersbach@people.example", own),
    ] {
        act::invite(&cx, &person(name, email, party, "supplier_member")).await.unwrap();
    }
    let (mut keeper, mut leading) = (app.browser(), app.browser());
    app.sign_in(&mut keeper, &boss.email).await;
    app.sign_in(&mut leading, &lead.email).await;
    let hint = keeper.get("/accounts").await.text();
    assert!(hint.contains("enter whole words. Part of a word finds nobody."), "{hint}");
    let (oneil, marlow, lukasz, jr) = ("Zoë O'Neil-Strand", "Zoe Marlow", "Łukasz Strand", "J. R. Ebersbach");
    for (words, all) in [
        ("zoe", vec![marlow, oneil]),
        ("ZOË", vec![marlow, oneil]),
        ("zoe\u{308}", vec![marlow, oneil]),
        ("strand", vec![oneil, lukasz]),
        ("Strand zoe", vec![oneil]),
        ("strand strand  zoe", vec![oneil]),
        ("o'neil", vec![oneil]),
        ("O’Neil", vec![oneil]),
        ("oneil-strand", vec![oneil]),
        ("neil", vec![oneil]),
        ("onei", vec![]),
        ("marlow halyard", vec![]),
        ("strand halyard", vec![oneil]),
        ("z.strand@halyard.example", vec![oneil]),
        (" Z.Strand@HALYARD.example ", vec![oneil]),
        ("strand@halyard.example", vec![]),
        ("@bowline.example", vec![marlow, lukasz]),
        ("bowline.example", vec![marlow, lukasz]),
        ("zoe zoe@bowline.example", vec![marlow]),
        ("j.r. ebersbach", vec![jr]),
        ("ebersbach", vec![jr]),
        ("ebersbac", vec![]),
        ("bersbach", vec![]),
        ("zo", vec![]),
        ("str%", vec![]),
        ("%", vec![]),
        ("_", vec![]),
        ("zoe -", vec![marlow, oneil]),
        ("...", vec![]),
        ("@", vec![]),
        ("zoe nobody", vec![]),
        ("'; --", vec![]),
    ] {
        assert_eq!(found(&mut keeper, words).await, all, "{words:?}");
        let own: Vec<&str> = all.into_iter().filter(|name| [oneil, jr].contains(name)).collect();
        assert_eq!(found(&mut leading, words).await, own, "the lead, {words:?}");
    }
    assert_eq!(found(&mut keeper, " ").await.len(), 6, "blanks ask for everybody");
    // As long as the longest search, of the shortest words.
    let many: String = ('a'..='z').chain('0'..='9').map(|c| format!("{c} ")).collect();
    assert_eq!(found(&mut keeper, &format!("{many}{many}")).await, Vec::<String>::new());
});

both_engines!(migrations, /// OWN-4: the list of people goes from the newest to the oldest, page by page, each once, whatever is looked for.
async fn own_4_people_are_listed_from_the_newest(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Supplier, "Halyard Systems").await;
    let cx = app.operator();
    let mut made = Vec::new();
    for n in 0..7 {
        app.advance(1_000);
        made.push(act::invite(&cx, &person(&format!("Person {n}"), &format!("p{n}@people.example"), party, "supplier_member")).await.unwrap());
    }
    made.reverse();
    for words in ["", "person"] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let filter = store::Filter { words: words.to_owned(), after, limit: 3, ..store::Filter::default() };
            let (rows, more) = store::list(&cx, &filter).await.unwrap();
            seen.extend(rows.iter().map(|(row, holder)| (row.id, holder.address().to_owned())));
            after = rows.last().map(|(row, _)| row.id);
            if !more {
                break;
            }
        }
        let all: Vec<(Uuid, String)> = made.iter().zip((0..7).rev()).map(|(id, n)| (*id, format!("p{n}@people.example"))).collect();
        assert_eq!(seen, all, "{words:?}");
    }
});

both_engines!(migrations, /// OWN-4: who gets another name is found by it, and by the former one no more; an address belongs to one account.
async fn own_4_another_name_takes_the_place_of_the_former(db) {
    let app = TestApp::new(db);
    let party = app.party(Side::Supplier, "Halyard Systems").await;
    let [one, two] = [app.account("supplier_lead", party).await, app.account("supplier_lead", party).await];
    let raw = app.db.raw().await;
    let rename = async |id: Uuid, name: &str, email: &str| {
        let columns = holder::columns(&app.core, &raw, id, name, email, app.core.clock.now()).await.unwrap();
        account::Entity::update(account::ActiveModel { id: ActiveValue::Unchanged(id), ..columns }).exec(&raw).await
    };
    let cx = app.operator();
    let finds = async |words: &str| {
        let filter = store::Filter { words: words.to_owned(), ..store::Filter::default() };
        store::list(&cx, &filter).await.unwrap().0.into_iter().map(|(row, _)| row.id).collect::<Vec<_>>()
    };
    rename(one.account, "Ada Quill", "ada@people.example").await.unwrap();
    assert_eq!((finds("quill").await, finds("ada@people.example").await), (vec![one.account], vec![one.account]));
    rename(one.account, "Ada Marlow", "Ada.Marlow@people.example").await.unwrap();
    assert_eq!((finds("ada marlow").await, finds("ada.marlow@people.example").await), (vec![one.account], vec![one.account]));
    assert!(finds("quill").await.is_empty() && finds("ada@people.example").await.is_empty());
    let taken = rename(two.account, "Ada Marlow", "ADA.marlow@people.example ").await.unwrap_err();
    assert!(platform::db::dialect::is_duplicate(&taken), "{taken}");
    raw.close().await.unwrap();
});

async fn remove(app: &TestApp, id: Uuid) {
    let cx = app.operator();
    let tx = cx.begin().await.unwrap();
    let thing = store::thing(tx.db(), id, tx.now()).await.unwrap();
    let permit = cx.permit("account.invite_again", &thing).unwrap();
    assert!(cx.destroy_key(&tx, &platform::identity::subject(id)).await.unwrap());
    cx.commit(tx, permit, [Entry::on("account.invite_again", &thing)]).await.unwrap();
}

both_engines!(migrations, /// OWN-4: with its key, who held an account is gone everywhere: every page says so, nobody signs in to it, no search finds it, nobody is
/// written to, and what the ledger told of it cannot be read. Its work and its roles can still be ended, and the person be invited anew.
async fn own_4_who_is_removed_is_gone_everywhere(db) {
    let app = TestApp::new(db);
    let (authority, supplier) = (app.party(Side::Authority, "Port Authority").await, app.party(Side::Supplier, "Halyard Systems").await);
    let boss = app.account("administrator", authority).await;
    let gone = app.invited(&person("Wren Tallis", "wren@people.example", supplier, "supplier_lead")).await;
    let waiting = act::invite(&app.operator(), &person("Ivo Tallis", "ivo@people.example", supplier, "supplier_lead")).await.unwrap();
    let link = app.mailed_link("ivo@people.example").await;
    let (mut keeper, mut browser) = (app.browser(), app.browser());
    app.sign_in(&mut keeper, &boss.email).await;
    app.sign_in(&mut browser, &gone.email).await;
    assert_eq!(found(&mut keeper, "tallis").await, ["Ivo Tallis", "Wren Tallis"]);
    // A message is on its way.
    act::invite_again(&app.operator(), waiting).await.unwrap();
    for id in [gone.account, waiting] {
        remove(&app, id).await;
    }
    assert!(browser.get("/account").await.path.starts_with("/sign-in"), "a session goes on");
    let page = browser.get("/sign-in").await;
    let refused = browser.submit(&page, "/sign-in", &[("email", &gone.email), ("password", PASSWORD)]).await;
    let unknown = browser.submit(&page, "/sign-in", &[("email", "nobody@people.example"), ("password", PASSWORD)]).await;
    assert_eq!((refused.status, refused.text()), (unknown.status, unknown.text()));
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    let nobody = Cx::new(&app.core, Actor::Anonymous).unwrap();
    act::ask_for_reset(&nobody, &gone.email).await.unwrap();
    let letters = app.mailed(&gone.email).await.len();
    assert_eq!((letters, app.mailed("ivo@people.example").await.len()), (1, 1), "their first invitations, and no more");
    let undone = jobs::row::Entity::find().filter(jobs::row::Column::State.ne("done")).filter(jobs::row::Column::Kind.eq(mail::JOB));
    assert_eq!(undone.count(app.core.db.reader()).await.unwrap(), 0, "what cannot be read is not tried again");

    assert_eq!(found(&mut keeper, "tallis").await, Vec::<String>::new());
    assert_eq!(found(&mut keeper, "wren@people.example").await, Vec::<String>::new());
    assert_eq!(found(&mut keeper, "").await.iter().filter(|name| *name == "(removed)").count(), 2);
    let page = keeper.get(&format!("/accounts/{}", gone.account)).await;
    assert!(page.status == StatusCode::OK && page.text().contains("(removed)") && !page.text().contains("wren"), "{}", page.text());
    let cx = app.operator();
    assert_eq!(people::names(&cx, [gone.account]).await.unwrap()[&gone.account], "(removed)");
    assert!(people::account(&cx, cx.db(), gone.account).await.unwrap().is_none());
    assert!(people::holders(&cx, cx.db(), &["supplier_lead"], None).await.unwrap().is_empty());
    assert!(platform::identity::actors(&app.core, cx.db(), gone.account).await.unwrap().is_empty());
    let lines = platform::book::timeline(&cx, "account", &gone.account.to_string(), 50).await.unwrap();
    assert!(lines.len() > 3 && lines.iter().all(|line| line.body.is_none()), "{lines:?}");
    assert!(matches!(act::invite_again(&cx, waiting).await, Err(platform::Error::Conflict(_))));

    // An administrator puts what is left in order, and the person can come back as somebody new.
    let page = keeper.get(&format!("/accounts/{}/hand-over", gone.account)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    for id in [gone.account, waiting] {
        let page = keeper.get(&format!("/accounts/{id}")).await;
        let closed = keeper.submit(&page, "/close", &[]).await;
        assert!(closed.status == StatusCode::OK && closed.text().contains("Closed"), "{}", closed.text());
    }
    app.advance(1_000);
    let again = app.invited(&person("Wren Tallis", "wren@people.example", supplier, "supplier_lead")).await;
    assert_ne!(again.account, gone.account);
    app.sign_in(&mut browser, &again.email).await;
    assert_eq!(found(&mut keeper, "tallis").await, ["Wren Tallis"]);
});

both_engines!(migrations, /// OWN-2: an administrator who was removed is none that the service could go on with.
async fn own_2_the_last_administrator_who_can_sign_in_stays(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Port Authority").await;
    let (boss, other) = (app.account("administrator", authority).await, app.account("administrator", authority).await);
    let now = app.core.clock.now();
    let count = async || store::administrators(app.core.db.reader(), boss.account, now).await.unwrap();
    assert_eq!(count().await, 1);
    remove(&app, other.account).await;
    assert_eq!(count().await, 0);
});

/// What an address is to policies and rows is one thing, however it is typed.
#[test]
fn addresses_are_kept_in_one_way() {
    assert_eq!(holder::address("  Ada.Quill@Halyard.EXAMPLE "), "ada.quill@halyard.example");
    assert_eq!(holder::address("zoe\u{308}@halyard.example"), "zoë@halyard.example");
    assert!(model::is_email(&holder::address("Zoë@halyard.example")));
}
