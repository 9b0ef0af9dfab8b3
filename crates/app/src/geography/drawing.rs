//! Drawing the map: where a country stands on it, and marks that are grouped until none covers another. No I/O.

use maud::{Markup, html};
use platform::t;
use rules::country::{Country, Position};

/// The frame of the outlines. The same numbers stand in web/world.mjs, which draws the file that lies under the marks.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 440.0;
const SCALE: f64 = 182.0;
const MIDDLE: (f64, f64) = (500.0, 256.0);

/// Radius of the smallest mark and of the largest one.
const RADII: (f64, f64) = (15.0, 34.0);

/// What is to be marked in one country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The country.
    pub country: Country,
    /// How many things are there.
    pub number: u64,
    /// Whether something there wants to be looked at.
    pub alarm: bool,
}

/// A mark: one country, or several that lie too close to each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its countries, that with most things first.
    pub countries: Vec<Country>,
    /// How many things are there in all.
    pub number: u64,
    /// Whether something there wants to be looked at.
    pub alarm: bool,
    /// Its middle.
    pub at: (f64, f64),
    /// Its radius.
    pub radius: f64,
}

/// Where a place stands on the map: the Natural Earth projection, by its published polynomial. What lies outside of the frame is drawn at
/// its edge.
pub fn projected(place: Position) -> (f64, f64) {
    let (east, north) = (place.east.to_radians(), place.north.to_radians());
    let square = north * north;
    let fourth = square * square;
    let along = 0.8707 - 0.131_979 * square + fourth * (-0.013_791 + fourth * (0.003_971 * square - 0.001_529 * fourth));
    let up = 1.007_226 + square * (0.015_085 + fourth * (-0.044_475 + 0.028_874 * square - 0.005_916 * fourth));
    let (x, y) = (MIDDLE.0 + SCALE * east * along, MIDDLE.1 - SCALE * north * up);
    (x.clamp(RADII.0, WIDTH - RADII.0), y.clamp(RADII.0, HEIGHT - RADII.0))
}

/// Marks for these spots, largest first: those that would touch are one, at the place of the larger.
pub fn marks(spots: impl IntoIterator<Item = Spot>) -> Vec<Mark> {
    let mut all: Vec<Mark> = spots
        .into_iter()
        .filter(|spot| spot.number > 0)
        .map(|spot| Mark {
            countries: vec![spot.country],
            number: spot.number,
            alarm: spot.alarm,
            at: projected(spot.country.position()),
            radius: 0.0,
        })
        .collect();
    loop {
        all.sort_by(|a, b| b.number.cmp(&a.number).then_with(|| a.countries.cmp(&b.countries)));
        let most = all.first().map_or(1, |mark| mark.number);
        for mark in &mut all {
            mark.radius = radius(mark.number, most);
        }
        let mut grouped: Vec<Mark> = Vec::with_capacity(all.len());
        for mark in std::mem::take(&mut all) {
            match grouped.iter_mut().find(|larger| touch(larger, &mark)) {
                Some(larger) => {
                    larger.countries.extend(mark.countries);
                    larger.number += mark.number;
                    larger.alarm |= mark.alarm;
                }
                None => grouped.push(mark),
            }
        }
        all = grouped;
        // A mark that took others in has grown, and may touch the next.
        let most = all.iter().map(|mark| mark.number).max().unwrap_or(1);
        for mark in &mut all {
            mark.radius = radius(mark.number, most);
        }
        let apart = all.iter().enumerate().all(|(n, mark)| all[..n].iter().all(|other| !touch(other, mark)));
        if apart {
            all.sort_by(|a, b| b.number.cmp(&a.number).then_with(|| a.countries.cmp(&b.countries)));
            return all;
        }
    }
}

/// The area grows with the number.
#[allow(clippy::cast_precision_loss, reason = "a radius to a tenth of a unit")]
fn radius(number: u64, most: u64) -> f64 {
    RADII.0 + (RADII.1 - RADII.0) * (number as f64 / most.max(1) as f64).sqrt()
}

fn touch(a: &Mark, b: &Mark) -> bool {
    (a.at.0 - b.at.0).hypot(a.at.1 - b.at.1) < a.radius + b.radius
}

/// The map with its marks, over the file with the countries' outlines. What it shows stands in a table too, so it is one picture for readers of
/// the screen.
pub fn draw(world: &str, marks: &[Mark]) -> Markup {
    html! {
        figure .vs-map {
            div .vs-map__pane tabindex="0" role="region" aria-label=(t!("map-picture")) {
                svg .vs-map__world viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="map-title map-about" {
                    title #map-title { (t!("map-picture")) }
                    desc #map-about { (t!("map-picture-about")) }
                    image href=(world) width=(WIDTH) height=(HEIGHT) {}
                    @for mark in marks {
                        g .vs-map__mark .vs-map__mark--alarm[mark.alarm] {
                            title { (says(mark)) }
                            @if mark.alarm { circle .vs-map__ring cx=(tenth(mark.at.0)) cy=(tenth(mark.at.1)) r=(tenth(mark.radius + 4.0)) {} }
                            circle cx=(tenth(mark.at.0)) cy=(tenth(mark.at.1)) r=(tenth(mark.radius)) {}
                            text x=(tenth(mark.at.0)) y=(tenth(mark.at.1)) { (short(mark.number)) @if mark.alarm { "!" } }
                        }
                    }
                }
            }
            figcaption .govuk-hint { (t!("map-legend")) }
        }
    }
}

/// What a mark stands for, in words: a few countries by name.
fn says(mark: &Mark) -> String {
    let names: Vec<&str> = mark.countries.iter().take(6).map(|country| country.name()).collect();
    let (names, more) = (names.join(", "), mark.countries.len().saturating_sub(6));
    if more > 0 {
        t!("map-mark-more", names = names, more = more, number = mark.number)
    } else {
        t!("map-mark", names = names, number = mark.number)
    }
}

/// A number that fits into a mark: 999, 1.2k, 34k.
fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..10_000 => format!("{}.{}k", number / 1_000, number % 1_000 / 100),
        _ => format!("{}k", number / 1_000),
    }
}

fn tenth(of: f64) -> String {
    format!("{of:.1}")
}

/// A bar of so many tenths of a per cent. The number stands beside it in words.
pub fn bar(tenths: u64, large: bool) -> Markup {
    html! {
        svg .vs-bar .vs-bar--large[large] viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect .vs-bar__whole width="1000" height="10" {}
            rect .vs-bar__part width=(tenths.min(1000)) height="10" {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    fn spot(code: &str, number: u64) -> Spot {
        Spot { country: Country::from_code(code).unwrap(), number, alarm: false }
    }

    fn told(spots: &[Spot]) -> Vec<(String, u64)> {
        let codes = |mark: &Mark| mark.countries.iter().map(|c| c.code()).collect::<Vec<_>>().join("+");
        marks(spots.iter().copied()).iter().map(|mark| (codes(mark), mark.number)).collect()
    }

    /// OFF-6b: marks far apart stand alone, those close together are one with the larger one's place; what has nothing has no mark.
    #[test]
    fn off_6b_marks_that_touch_are_one() {
        let one = |codes: &str, number| (codes.to_owned(), number);
        assert_eq!(told(&[spot("IN", 3), spot("BR", 9), spot("GB", 0)]), [one("BR", 9), one("IN", 3)]);
        assert_eq!(told(&[spot("BE", 2), spot("NL", 5), spot("LU", 1), spot("AU", 1)]), [one("NL+BE+LU", 8), one("AU", 1)]);
        assert_eq!(told(&[]), []);
        let alarmed = marks([spot("NL", 5), Spot { alarm: true, ..spot("BE", 1) }]);
        assert!(alarmed.len() == 1 && alarmed[0].alarm);
    }

    /// The frame is that of the outlines: a few places whose position in web/world.mjs is known.
    #[test]
    fn places_stand_where_the_outlines_are() {
        let at = |north, east| projected(Position { north, east });
        let near = |(x, y): (f64, f64), (a, b): (f64, f64)| (x - a).abs() < 0.2 && (y - b).abs() < 0.2;
        assert!(near(at(0.0, 0.0), (500.0, 256.0)), "{:?}", at(0.0, 0.0));
        assert!(near(at(22.8, 79.5), (714.5, 182.9)), "{:?}", at(22.8, 79.5));
        assert!(near(at(-33.4, -70.6), (315.1, 363.3)), "{:?}", at(-33.4, -70.6));
        // Antarctica lies below the frame.
        assert!((at(-80.0, 0.0).1 - (HEIGHT - RADII.0)).abs() < f64::EPSILON);
    }

    #[test]
    fn numbers_fit_into_marks() {
        let all = [(0, "0"), (999, "999"), (1_000, "1.0k"), (1_299, "1.2k"), (10_000, "10k"), (123_456, "123k")];
        assert!(all.into_iter().all(|(number, text)| short(number) == text));
    }

    proptest! {
        /// Whatever is where: no two marks touch, nothing is lost, the order is by size, and the same spots give the same marks.
        #[test]
        fn marks_never_touch_and_lose_nothing(numbers in prop::collection::vec(0_u64..5_000, 250)) {
            let spots: Vec<Spot> = Country::all().zip(&numbers).map(|(country, number)| Spot { country, number: *number, alarm: number % 7 == 0 }).collect();
            let found = marks(spots.iter().copied());
            prop_assert_eq!(found.iter().map(|mark| mark.number).sum::<u64>(), numbers.iter().sum::<u64>());
            prop_assert_eq!(found.iter().map(|mark| mark.countries.len()).sum::<usize>(), numbers.iter().filter(|n| **n > 0).count());
            for (n, mark) in found.iter().enumerate() {
                prop_assert!(found[..n].iter().all(|other| !touch(other, mark)));
                prop_assert!(mark.radius >= RADII.0 && mark.radius <= RADII.1);
            }
            prop_assert!(found.windows(2).all(|pair| pair[0].number >= pair[1].number));
            prop_assert_eq!(found, marks(spots.into_iter().rev()));
        }
    }
}
