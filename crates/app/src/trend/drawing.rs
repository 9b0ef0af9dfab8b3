//! Charts as SVG, drawn on the server, so that pages without a script show them; colours come from the style sheet, for light and dark. What a chart
//! shows stands in a table beside it, so it is one picture for readers of the screen. No I/O.

use std::fmt::Display;

use maud::{Markup, PreEscaped, html};
use platform::{Error, Result};
use plotters::coord::ranged1d::SegmentValue;
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
const LETTERS: u32 = 15;
/// More columns than these are named by every second, third, … one.
const NAMED: usize = 12;

fn broken(error: impl Display) -> Error {
    Error::internal(format!("a chart could not be drawn: {error}"))
}

/// The end of the axis: room for the number over the largest, which is at least one.
fn top(of: &[(String, i64)]) -> i64 {
    let most = of.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
    most + (most / 8).max(1)
}

/// The name of the segment in which a tick stands, if it stands in the middle of one.
fn named(of: &[(String, i64)], at: &SegmentValue<usize>) -> String {
    match at {
        SegmentValue::CenterOf(n) => of.get(*n).map_or_else(String::new, |(name, _)| name.clone()),
        _ => String::new(),
    }
}

/// Columns over time: what each is called, and its number.
///
/// # Errors
/// When the library that draws fails.
pub fn columns(title: &str, about: &str, of: &[(String, i64)]) -> Result<Markup> {
    let (mut drawn, last) = (String::new(), of.len().saturating_sub(1));
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, HEIGHT)).into_drawing_area();
        let mut builder = ChartBuilder::on(&area);
        let builder = builder.margin(8).x_label_area_size(34).y_label_area_size(48);
        let mut chart = builder.build_cartesian_2d((0..last).into_segmented(), 0..top(of)).map_err(broken)?;
        let every = of.len().div_ceil(NAMED);
        let name = |at: &SegmentValue<usize>| match at {
            SegmentValue::CenterOf(n) if n % every.max(1) == 0 => named(of, at),
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(of.len())
            .x_label_formatter(&name)
            .y_labels(5)
            .label_style(("sans-serif", LETTERS))
            .draw()
            .map_err(broken)?;
        let data = of.iter().enumerate().map(|(n, (_, number))| (n, *number));
        let margin = if of.len() > 24 { 2 } else { 6 };
        chart.draw_series(Histogram::vertical(&chart).style(INK.filled()).margin(margin).data(data)).map_err(broken)?;
        let anchor = Pos::new(HPos::Center, VPos::Bottom);
        let style = ("sans-serif", LETTERS).into_text_style(&area).pos(anchor);
        let over = of.iter().enumerate().filter(|(_, (_, number))| *number > 0 && of.len() <= 2 * NAMED);
        let over = over.map(|(n, (_, number))| Text::new(number.to_string(), (SegmentValue::CenterOf(n), *number), style.clone()));
        chart.draw_series(over).map_err(broken)?;
        area.present().map_err(broken)?;
    }
    Ok(framed(title, about, drawn))
}

/// Bars, one a line: what each is called, and its number.
///
/// # Errors
/// As [`columns`].
pub fn bars(title: &str, about: &str, of: &[(String, i64)]) -> Result<Markup> {
    // From the bottom up.
    let of: Vec<(String, i64)> = of.iter().rev().cloned().collect();
    let (mut drawn, last) = (String::new(), of.len().saturating_sub(1));
    let height = u32::try_from(of.len()).unwrap_or(1).max(1) * ROW + 16;
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, height)).into_drawing_area();
        let mut builder = ChartBuilder::on(&area);
        let builder = builder.margin(8).y_label_area_size(WORDS);
        let mut chart = builder.build_cartesian_2d(0..top(&of), (0..last).into_segmented()).map_err(broken)?;
        chart
            .configure_mesh()
            .disable_mesh()
            .y_labels(of.len())
            .y_label_formatter(&|at| named(&of, at))
            .label_style(("sans-serif", LETTERS))
            .draw()
            .map_err(broken)?;
        let data = of.iter().enumerate().map(|(n, (_, number))| (n, *number));
        chart.draw_series(Histogram::horizontal(&chart).style(INK.filled()).margin(7).data(data)).map_err(broken)?;
        let style = ("sans-serif", LETTERS).into_text_style(&area).pos(Pos::new(HPos::Left, VPos::Center));
        let beside = of.iter().enumerate().map(|(n, (_, number))| {
            EmptyElement::at((*number, SegmentValue::CenterOf(n))) + Text::new(number.to_string(), (6, 0), style.clone())
        });
        chart.draw_series(beside).map_err(broken)?;
        area.present().map_err(broken)?;
    }
    Ok(framed(title, about, drawn))
}

fn framed(title: &str, about: &str, drawn: String) -> Markup {
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
