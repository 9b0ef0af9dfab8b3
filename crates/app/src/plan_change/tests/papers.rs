//! Changes as papers, and the marking of the request.

use testkit::both_engines;

use super::{answers, case, considered, submitted, version};
use crate::casework::papers::{draft, make};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::paper::model::Kind;
use crate::plan_change::{Changes, act, store};
use crate::testing::forms::answer_case;
use rules::plan_change::Added;

const MARKING: &str = "In confidence when completed";

both_engines!(migrations, /// SEC-28, SEC-29: a change is a paper for both sides: the notice and how it ended, or the request with what was decided and on which
/// conditions. What was only begun is none.
async fn sec_29_a_change_is_a_paper(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let told = act::notify(&lead.cx, world.lead.1, &considered(&[Added::System], Some(true)), &[]).await.unwrap();
    let of = async |id| store::get(lead.cx.db(), id).await.unwrap();
    let before = make::<Changes>(&lead.cx, &of(told.id).await, Kind::Change).await.unwrap();
    assert_eq!(make::<Changes>(&security.cx, &of(told.id).await, Kind::Change).await.unwrap(), before, "the same is one paper");
    act::no_change(&security.cx, told.id, told.version, "The plan says so already.").await.unwrap();
    let said = draft::<Changes>(&lead.cx, &of(told.id).await, Kind::Change).await.unwrap();
    let text = format!("{:?}", said.blocks);
    assert!(text.contains("We think of a second desk") && text.contains("The plan says so already."), "{text}");
    assert_ne!(make::<Changes>(&lead.cx, &of(told.id).await, Kind::Change).await.unwrap(), before, "what was said since makes another");
    let id = submitted(&lead.cx, world.lead.1, false).await;
    act::agree(&security.cx, id, version(&world, id).await, "It is protected as well.", &["Show the first restore.".to_owned()]).await.unwrap();
    let said = draft::<Changes>(&security.cx, &of(id).await, Kind::Change).await.unwrap();
    let text = format!("{:?}", said.blocks);
    for words in ["A second desk takes half of the bookings.", "It is protected as well.", "Show the first restore.", "In effect"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!((said.marking.as_deref(), said.reference.as_str()), (Some(MARKING), "CHG-2026-000002"));
    make::<Changes>(&lead.cx, &of(id).await, Kind::Change).await.unwrap();
    let other = world.person("supplier_lead", world.other.0).await;
    refused_by(make::<Changes>(&other.cx, &of(id).await, Kind::Change).await, "nothing-permits");
    let begun = act::begin(&lead.cx, world.lead.1, &[]).await.unwrap();
    assert!(make::<Changes>(&lead.cx, &of(begun).await, Kind::Change).await.is_err());
});

both_engines!(migrations, /// SEC-X3: the request bears its marking where it is asked for, checked and read, and in the mail that tells of it.
async fn sec_x3_the_request_bears_its_marking(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let draft = act::begin(&lead.cx, world.lead.1, &[]).await.unwrap();
    answer_case::<Changes>(&lead.cx, draft, answers(false)).await;
    let mut browser = lead.browser(&world);
    for page in ["answers", "answers/request", "check"] {
        let seen = browser.get(&format!("/plan-changes/{draft}/{page}")).await;
        assert!(seen.text().contains(MARKING), "{page}: {}", seen.text());
    }
    act::submit(&lead.cx, draft, version(&world, draft).await, true, None).await.unwrap();
    for page in ["", "/thread", "/history"] {
        let seen = security.browser(&world).get(&format!("/plan-changes/{draft}{page}")).await;
        assert!(seen.text().contains(MARKING), "{page}: {}", seen.text());
    }
    let reference = case(&world, draft).await.reference.unwrap();
    let mail = world.mail().await;
    assert!(mail[&lead.email].iter().any(|line| line.contains(&format!("[{MARKING}] {reference}"))), "{mail:?}");
});
