//! How often a token and an address may ask.

use platform::clock::MINUTE;
use testkit::both_engines;

use super::program::Program;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, async fn who_asks_too_often_waits(db) {
    let world = World::with(db, |settings| { settings.api.token_minute = 4; settings.api.address_minute = 9; }).await;
    let owner = world.official("owner").await;
    let mut program = Program::of(&world.app, &owner.cx).await.at("192.0.2.7");
    for left in (0..4).rev() {
        let reply = program.get("/api/v1/account").await.is(200);
        assert_eq!(reply.header("ratelimit-policy"), "\"token\";q=4;w=60");
        assert!(reply.header("ratelimit").starts_with(&format!("\"token\";r={left};")), "{}", reply.header("ratelimit"));
    }
    let reply = program.get("/api/v1/account").await.is(429);
    assert!((1..=16).contains(&reply.header("retry-after").parse::<u64>().unwrap()), "{}", reply.header("retry-after"));
    // Another token from elsewhere is not held up by this one.
    let mut other = Program::of(&world.app, &owner.cx).await.at("192.0.2.8");
    other.get("/api/v1/account").await.is(200);
    // An address is counted whatever it sends.
    let mut guessing = Program::nobody(&world.app).at("192.0.2.9");
    let mut seen = Vec::new();
    for n in 0..11 {
        guessing.token = format!("vouchsafe_{n}");
        seen.push(guessing.get("/api/v1/account").await.status.as_u16());
    }
    assert_eq!((seen[0], seen[8], seen[10]), (401, 401, 429));
    world.app.advance(MINUTE);
    program.get("/api/v1/account").await.is(200);
});
