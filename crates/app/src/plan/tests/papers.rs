//! Plans as papers.

use axum::http::StatusCode;
use testkit::both_engines;

use super::agreed;
use crate::casework::papers::{draft, make};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::paper::model::Kind;
use crate::plan::{Plans, act, store};

both_engines!(migrations, /// SEC-8b: the version that was handed in, and the one that was agreed, are papers for both sides; what is sealed stays closed in them, and
/// nobody else has them.
async fn sec_8b_a_version_is_a_paper(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = agreed(&world, &lead, &security).await;
    let of = store::get(lead.cx.db(), id).await.unwrap();
    let said = draft::<Plans>(&lead.cx, &of, Kind::Plan).await.unwrap();
    let text = format!("{:?}", said.blocks);
    assert!(text.contains("Version 1") && text.contains("The booking desk") && text.contains("Halyard"), "{text}");
    assert!(!text.contains("Guards and badges"), "what is sealed stays closed: {text}");
    assert_eq!((said.reference.as_str(), said.marking.as_deref()), ("PLN-2026-000001", None));
    let at = format!("/plans/{id}");
    let mut browser = lead.browser(&world);
    let page = browser.get(&at).await;
    let posted = browser.submit_only(&page, &format!("{at}/papers"), &[("kind", "plan")]).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.text());
    let paper = browser.get(&posted.location()).await;
    assert_eq!(paper.headers["content-disposition"], "attachment; filename=\"PLN-2026-000001-plan.pdf\"");
    assert!(paper.body.starts_with("%PDF-1.7"));
    let theirs = make::<Plans>(&security.cx, &of, Kind::Plan).await.unwrap();
    assert!(posted.location().ends_with(&theirs.to_string()), "the same version is one paper");
    let mut stranger = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(stranger.get(&posted.location()).await.status, StatusCode::NOT_FOUND);
    refused_by(make::<Plans>(&world.official("internal_audit").await.cx, &of, Kind::Plan).await, "nothing-permits");
    assert!(matches!(make::<Plans>(&lead.cx, &of, Kind::Letter).await, Err(platform::Error::NotFound)));
    // Of what is only begun there is none.
    let begun = act::begin(&lead.cx, world.sub.1).await.unwrap();
    let of = store::get(lead.cx.db(), begun).await.unwrap();
    assert!(make::<Plans>(&lead.cx, &of, Kind::Plan).await.is_err());
});
