//! What the kit says of itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{Area, Param, SCOPES, Scopes, Takes};

/// Every area but those that ask for none has a scope for reading and one for writing, and every scope is one area's.
#[test]
fn every_scope_is_one_areas() {
    let areas = [Area::Registers, Area::Cases, Area::Duties, Area::Administration];
    let named: Vec<&str> = areas.iter().flat_map(|a| [a.scope(false), a.scope(true)]).collect();
    assert_eq!(named, SCOPES);
    for area in areas {
        for scope in SCOPES {
            let only = Scopes::read(scope);
            assert_eq!(only.allow(area, true), scope == area.scope(true), "{scope}");
            assert_eq!(only.allow(area, false), [area.scope(true), area.scope(false)].contains(&scope), "{scope}");
        }
    }
    assert!(Scopes::read("everything registers:admin").is_empty());
    assert_eq!(Scopes::read("cases:write  registers:read cases:write").to_string(), "registers:read cases:write");
}

/// A parameter takes what its schema says and nothing else.
#[test]
fn queries_are_read_strictly() {
    let params = [
        Param::new("q", Takes::Text(3)),
        Param::new("id", Takes::Id),
        Param::code("state", ["open", "shut"]),
        Param::new("country", Takes::Country),
        Param::new("late", Takes::Flag),
        Param::limit(),
    ];
    let read = |query: &str| super::query::read(&params, query).is_ok();
    for good in ["", "q=abc", "q=%C3%A9", "id=0197aa3e-27a7-7a9f-8f3a-6b6c4a3c2d1e", "state=shut&country=GB", "late=true", "limit=200"] {
        assert!(read(good), "{good}");
    }
    for bad in [
        "q=abcd",
        "q=a%00",
        "q=a%0a",
        "q=%ff",
        "id=1",
        "id=0197aa3e27a77a9f8f3a6b6c4a3c2d1e",
        "state=ajar",
        "country=gb",
        "late=yes",
        "limit=201",
        "limit=+1",
        "limit=0",
        "x=1",
        "q=a&q=b",
    ] {
        assert!(!read(bad), "{bad}");
    }
}
