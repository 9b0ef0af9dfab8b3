//! Names for many invented records. Each is made of parts that its number picks, so that the same number gives the same name.

const FIRST: [&str; 24] = [
    "Amber", "Anchor", "Beacon", "Bollard", "Breaker", "Caulk", "Cobalt", "Coral", "Drift", "Ebb", "Fathom", "Flint", "Gale", "Gannet",
    "Harrow", "Heron", "Juniper", "Keel", "Lantern", "Mallard", "Osprey", "Pebble", "Rudder", "Tiller",
];
const SECOND: [&str; 20] = [
    "Works",
    "Systems",
    "Services",
    "Data",
    "Cables",
    "Logistics",
    "Support",
    "Networks",
    "Analytics",
    "Archives",
    "Software",
    "Couriers",
    "Facilities",
    "Telecoms",
    "Printing",
    "Translation",
    "Laboratories",
    "Records",
    "Hosting",
    "Consulting",
];
const PLACES: [&str; 16] = [
    "Amble",
    "Brixham",
    "Craster",
    "Deal",
    "Eyemouth",
    "Fowey",
    "Girvan",
    "Hythe",
    "Ilfracombe",
    "Jarrow",
    "Kyle",
    "Looe",
    "Maryport",
    "Nairn",
    "Oban",
    "Whitby",
];
const WORK: [&str; 15] = [
    "Night desk",
    "Test team",
    "Archive scans",
    "Fare engine",
    "Call overflow",
    "Telemetry",
    "Payroll run",
    "Help desk",
    "Map updates",
    "Data entry",
    "Backup copies",
    "Code reviews",
    "Ticket printing",
    "Fault watch",
    "Translations",
];
const COUNTRIES: [&str; 10] = ["GB", "GB", "GB", "GB", "IN", "IE", "PT", "PL", "US", "ZA"];

fn of<'a>(parts: &[&'a str], at: usize) -> &'a str {
    parts[at % parts.len()]
}

/// A company.
pub(super) fn company(at: usize) -> String {
    format!("{} {} of {} {}", of(&FIRST, at * 7), of(&SECOND, at / 3), of(&PLACES, at / 5), at + 1)
}

/// A piece of work, as contracts and proposals are called.
pub(super) fn work(at: usize) -> String {
    format!("{} for {} {} {}", of(&WORK, at), of(&FIRST, at / 2), of(&SECOND, at / 7), at + 1)
}

/// A site.
pub(super) fn site(at: usize) -> String {
    format!("{} house {} {}", of(&FIRST, at), of(&PLACES, at / 11), at + 1)
}

/// A country.
pub(super) fn country(at: usize) -> &'static str {
    of(&COUNTRIES, at)
}
