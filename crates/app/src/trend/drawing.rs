//! Charts as SVG, drawn on the server, so that pages without a script show them; colours come from the style sheet, for light and dark. What a chart
//! shows stands in a table beside it, so it is one picture for readers of the screen. No I/O.

use std::fmt::Display;

use maud::{Markup, PreEscaped, html};
use platform::{Error, Result};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Width of every chart, in the units of its drawing.
const WIDTH: u32 = 720;
/// Height of columns.
const HEIGHT: u32 = 260;
/// Height of one bar with what lies around it.
const ROW: u32 = 34;
/// Width of the words beside bars.
const WORDS: u32 = 250;
/// The style sheet gives the colours; these are seen where it is not read.
const INK: RGBColor = RGBColor(47, 118, 181);
/// The size of letters, in the units of the drawing.
const LETTERS: u32 = 17;
/// More columns than these are named by every second, third, … one, and have no number over them beyond twice as many.
const NAMED: usize = 12;

fn broken(error: impl Display) -> Error {
    Error::internal(format!("a chart could not be drawn: {error}"))
}

/// The end of the axis: room for the number over the largest, which is at least one.
fn top(of: &[(String, i64)]) -> i64 {
    let most = of.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
    most.saturating_add((most / 8).max(1))
}

/// Columns over time: what each is called, and its number.
///
/// # Errors
/// When the library that draws fails.
pub fn columns(title: &str, about: &str, of: &[(String, i64)]) -> Result<Markup> {
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, HEIGHT)).into_drawing_area();
        let mut builder = ChartBuilder::on(&area);
        let builder = builder.margin(8).x_label_area_size(34).y_label_area_size(48);
        let mut chart = builder.build_cartesian_2d(0.0..of.len().max(1) as f64, 0..top(of)).map_err(broken)?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().disable_x_axis().x_labels(0).y_labels(5).max_light_lines(1).label_style(("sans-serif", LETTERS));
        mesh.draw().map_err(broken)?;
        let columns =
            of.iter().enumerate().map(|(n, (_, number))| Rectangle::new([(n as f64 + 0.14, 0), (n as f64 + 0.86, *number)], INK.filled()));
        chart.draw_series(columns).map_err(broken)?;
        let (every, numbers) = (of.len().div_ceil(NAMED).max(1), of.len() <= 2 * NAMED);
        let style = |pos| ("sans-serif", LETTERS).into_text_style(&area).pos(Pos::new(HPos::Center, pos));
        let (under, over) = (style(VPos::Top), style(VPos::Bottom));
        let named = of.iter().enumerate().filter(|(n, _)| n % every == 0);
        let named = named.map(|(n, (name, _))| EmptyElement::at((n as f64 + 0.5, 0)) + Text::new(name.clone(), (0, 10), under.clone()));
        chart.draw_series(named).map_err(broken)?;
        let counted = of.iter().enumerate().filter(|(_, (_, number))| numbers && *number > 0);
        let counted = counted
            .map(|(n, (_, number))| EmptyElement::at((n as f64 + 0.5, *number)) + Text::new(number.to_string(), (0, -4), over.clone()));
        chart.draw_series(counted).map_err(broken)?;
        area.present().map_err(broken)?;
    }
    Ok(framed(title, about, &drawn))
}

/// Bars, one a line: what each is called, and its number.
///
/// # Errors
/// As [`columns`].
pub fn bars(title: &str, about: &str, of: &[(String, i64)]) -> Result<Markup> {
    let mut drawn = String::new();
    let rows = u32::try_from(of.len()).unwrap_or(1).max(1);
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, rows * ROW + 16)).into_drawing_area();
        let mut builder = ChartBuilder::on(&area);
        // The axis goes up; lines go down.
        let mut chart = builder.margin(8).y_label_area_size(WORDS).build_cartesian_2d(0..top(of), f64::from(rows)..0.0).map_err(broken)?;
        chart.configure_mesh().disable_mesh().disable_axes().draw().map_err(broken)?;
        let bars =
            of.iter().enumerate().map(|(n, (_, number))| Rectangle::new([(0, n as f64 + 0.2), (*number, n as f64 + 0.8)], INK.filled()));
        chart.draw_series(bars).map_err(broken)?;
        let style = |pos| ("sans-serif", LETTERS).into_text_style(&area).pos(Pos::new(pos, VPos::Center));
        let (before, after) = (style(HPos::Right), style(HPos::Left));
        let named = of.iter().enumerate();
        let named = named.map(|(n, (name, _))| EmptyElement::at((0, n as f64 + 0.5)) + Text::new(name.clone(), (-10, 0), before.clone()));
        chart.draw_series(named).map_err(broken)?;
        let counted = of.iter().enumerate();
        let counted = counted
            .map(|(n, (_, number))| EmptyElement::at((*number, n as f64 + 0.5)) + Text::new(number.to_string(), (8, 0), after.clone()));
        chart.draw_series(counted).map_err(broken)?;
        area.present().map_err(broken)?;
    }
    Ok(framed(title, about, &drawn))
}

/// The chart in its frame, without what the style sheet says anyway.
fn framed(title: &str, about: &str, drawn: &str) -> Markup {
    let said = ["\n", " opacity=\"1\"", " stroke=\"none\"", " font-family=\"sans-serif\"", " fill=\"#000000\""];
    let drawn = said.into_iter().fold(drawn.to_owned(), |drawn, part| drawn.replace(part, ""));
    html! {
        div .vs-map__pane .vs-chart tabindex="0" role="region" aria-label=(title) {
            div .vs-chart__drawing role="img" aria-label=(about) { (PreEscaped(drawn)) }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn of(numbers: &[i64]) -> Vec<(String, i64)> {
        numbers.iter().enumerate().map(|(n, number)| (format!("<{n}> & co"), *number)).collect()
    }

    /// Whatever is drawn: names are text and no markup, and there is a column or bar of its own for each number, nought or huge.
    #[test]
    fn charts_are_drawn_whatever_the_numbers() {
        for numbers in [&[][..], &[0], &[7], &[0, 0, 0], &[1, 2, 3], &[i64::from(i32::MAX), 1], &[5; 36]] {
            let all = of(numbers);
            let (bars, columns) = (bars("t", "a", &all).unwrap().into_string(), columns("t", "a", &all).unwrap().into_string());
            for drawn in [&bars, &columns] {
                assert!(drawn.contains("<svg") && !drawn.contains("<0>") && !drawn.contains("style="), "{numbers:?}: {drawn}");
            }
            let rows = |drawn: &str| drawn.matches("<rect").count();
            assert_eq!((rows(&bars), rows(&columns)), (numbers.len(), numbers.len()), "{numbers:?}");
            assert!(all.iter().all(|(name, _)| bars.contains(&name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))));
        }
    }
}
