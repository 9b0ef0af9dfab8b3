//! Work and approvals, and what of the one the other does not cover.

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn approved() -> Approved {
    let place = |mark: &str, country: &str, kinds: &[Kind], people| Place {
        mark: mark.to_owned(),
        country: country.to_owned(),
        kinds: kinds.to_vec(),
        people,
    };
    Approved {
        party: "halyard".to_owned(),
        kinds: vec![Kind::Support, Kind::Access, Kind::Hosting],
        places: vec![
            place("pune", "IN", &[Kind::Support, Kind::Access], Some(20)),
            place("goa", "IN", &[Kind::Access], None),
            place("porto", "PT", &[Kind::Hosting], Some(3)),
        ],
        data: vec!["Booking records".to_owned(), "Night desk".to_owned()],
        people: Some(40),
        tier: Some(2),
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        standing: Standing::InForce,
        until: None,
    }
}

fn work() -> Work {
    Work {
        party: "halyard".to_owned(),
        kind: Kind::Support,
        country: "IN".to_owned(),
        place: Some("pune".to_owned()),
        data: vec![" night DESK ".to_owned()],
        people: 20,
        tier: Some(2),
        from: day("2026-02-01"),
        to: day("2026-12-31"),
    }
}

fn rules(work: &Work, approved: &Approved) -> Vec<&'static str> {
    on(work, approved, "2026-03-01")
}

fn on(work: &Work, approved: &Approved, today: &str) -> Vec<&'static str> {
    gaps(work, Some(approved), day(today), 10).into_iter().map(|gap| gap.rule).collect()
}

/// OFF-6: what was approved, as it was approved, is covered; each step beyond it is told by its own gap.
#[test]
fn each_step_beyond_is_told() {
    assert_eq!(gaps(&work(), Some(&approved()), day("2026-03-01"), 10), []);
    assert_eq!(gaps(&work(), None, day("2026-03-01"), 10).iter().map(|gap| gap.rule).collect::<Vec<_>>(), ["no_approval"]);
    type Change = fn(&mut Work, &mut Approved);
    let cases: [(&[&str], Change); 22] = [
        (&["suspended"], |_, a| a.standing = Standing::Suspended),
        (&["revoked"], |_, a| a.standing = Standing::Revoked),
        (&["party"], |w, _| w.party = "capstan".to_owned()),
        (&["tier"], |w, _| w.tier = Some(3)),
        (&["place_ended"], |w, _| w.tier = None),
        // An approval from before tiers were kept says nothing of them.
        (&[], |w, a| (w.tier, a.tier) = (Some(3), None)),
        (&["country"], |w, _| w.country = "PL".to_owned()),
        (&["country"], |w, _| (w.country, w.place) = ("PL".to_owned(), None)),
        // The mark of a place counts only in its own country.
        (&["site"], |w, _| w.country = "PT".to_owned()),
        (&["site"], |w, _| w.place = Some("delhi".to_owned())),
        (&["kind_at_site"], |w, _| w.place = Some("goa".to_owned())),
        (&["kind_there"], |w, _| (w.kind, w.place) = (Kind::Hosting, None)),
        (&["site_unknown"], |w, _| w.place = None),
        (&["kind"], |w, _| w.kind = Kind::LandedStaff),
        (&[], |w, a| {
            (w.kind, w.country, w.place) = (Kind::LandedStaff, "GB".to_owned(), None);
            a.kinds.push(Kind::LandedStaff);
        }),
        // A tenth more people than approved is still the same.
        (&[], |w, _| w.people = 22),
        (&["people_at_site"], |w, _| w.people = 23),
        (&["people_at_site", "people"], |w, _| w.people = 45),
        (&["site_unknown", "people"], |w, _| (w.people, w.place) = (45, None)),
        (&[], |w, a| (w.people, a.people, a.places[0].people) = (4_000_000, None, None)),
        (&["data"], |w, _| w.data.push("Payroll".to_owned())),
        (&["days"], |w, _| w.to = day("2027-01-01")),
    ];
    for (n, (expected, change)) in cases.into_iter().enumerate() {
        let (mut work, mut approved) = (work(), approved());
        change(&mut work, &mut approved);
        assert_eq!(rules(&work, &approved), expected, "case {n}");
    }
}

/// OFF-6, OFF-9a: an approval holds on its first and on its last day, not a day before or after.
#[test]
fn an_approval_holds_on_its_days() {
    let (work, approved) = (work(), approved());
    for (today, expected) in [("2025-12-31", &["not_yet"][..]), ("2026-01-01", &[]), ("2026-12-31", &[]), ("2027-01-01", &["ended"])] {
        assert_eq!(on(&work, &approved, today), expected, "{today}");
    }
}

/// OFF-6: an urgent approval covers work planned for all of its days at once, and until it is ratified lapses after the day by which it must be.
#[test]
fn off_6_an_urgent_approval_covers_until_it_must_be_ratified() {
    let work = Work { from: day("2026-06-01"), to: day("2026-06-20"), ..work() };
    let urgent = Approved { from: day("2026-06-01"), to: day("2026-06-06"), until: Some(day("2026-06-20")), ..approved() };
    for (today, expected) in [("2026-06-01", &[][..]), ("2026-06-06", &[]), ("2026-06-07", &["lapsed"])] {
        assert_eq!(on(&work, &urgent, today), expected, "{today}");
    }
    let longer = Work { to: day("2026-06-21"), ..work.clone() };
    assert_eq!(on(&longer, &urgent, "2026-06-02"), ["days"]);
    let ratified = Approved { to: day("2026-06-20"), until: None, ..urgent };
    for (today, expected) in [("2026-06-07", &[][..]), ("2026-06-20", &[]), ("2026-06-21", &["ended"])] {
        assert_eq!(on(&work, &ratified, today), expected, "{today}");
    }
}

/// OWN-1: every gap has its source and its words, and every word there is used.
#[test]
fn every_gap_has_its_words() {
    let catalogue = include_str!("../../../../locales/en/rules.ftl");
    let there: BTreeSet<&str> =
        catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).filter(|id| id.starts_with("rule-cover-")).collect();
    let used: BTreeSet<String> = RULES
        .iter()
        .map(|(rule, source)| {
            assert!(!source.is_empty(), "{rule}");
            Reason { rule, source, args: Args::new() }.message_id("cover")
        })
        .collect();
    assert_eq!(there, used.iter().map(String::as_str).collect());
}

/// First and last days of approvals, when the work began, and since when it was covered.
type SinceCase<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);

/// OFF-9b: since when work was covered: under which approval it began, also where that one is over.
#[test]
fn off_9b_since_when_work_was_covered() {
    let (urgent, levels) = (("2026-05-01", "2026-05-06"), ("2026-06-01", "2027-05-31"));
    let cases: [SinceCase<'_>; 12] = [
        (&[], Some("2026-06-01"), None),
        (&[], None, None),
        (&[levels], None, Some("2026-06-01")),
        (&[levels], Some("2026-06-01"), Some("2026-06-01")),
        (&[levels], Some("2026-05-31"), Some("2026-06-01")),
        (&[levels], Some("2027-08-01"), Some("2026-06-01")),
        (&[urgent, levels], Some("2026-05-06"), Some("2026-05-01")),
        // One that lapsed covers nothing later: this began without any.
        (&[urgent, levels], Some("2026-05-07"), Some("2026-06-01")),
        (&[levels, urgent], Some("2026-04-30"), Some("2026-05-01")),
        // Refused on the first of the month, before its first day: it covered nothing.
        (&[("2026-05-04", "2026-05-01"), levels], Some("2026-05-02"), Some("2026-06-01")),
        (&[("2026-05-04", "2026-05-01")], Some("2026-05-02"), None),
        (&[("2026-05-01", "2026-06-10"), levels], Some("2026-06-05"), Some("2026-05-01")),
    ];
    for (spells, began, expected) in cases {
        let spells: Vec<(Date, Date)> = spells.iter().map(|(from, to)| (day(from), day(to))).collect();
        assert_eq!(since(&spells, began.map(day)), expected.map(day), "{spells:?} {began:?}");
    }
}
