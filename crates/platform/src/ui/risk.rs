//! The risk matrix: a table that says in words what its colours show.

use maud::{Markup, html};

use super::Words;

/// A risk method's matrix with what is plotted on it.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    /// What the matrix shows; read out first.
    pub caption: &'a str,
    /// Likelihood levels, least first.
    pub likelihood: &'a [&'a str],
    /// Impact levels, least first.
    pub impact: &'a [&'a str],
    /// Names of the ratings, least first.
    pub ratings: &'a [&'a str],
    /// One row a likelihood level, one column an impact level, each the number of a rating from 0.
    pub cells: &'a [&'a [usize]],
}

/// Something plotted in a cell, such as "Inherent" or a factor's title.
#[derive(Debug, Clone, Copy)]
pub struct Plotted<'a> {
    /// What is written in the cell.
    pub text: &'a str,
    /// Likelihood level, from 0.
    pub likelihood: usize,
    /// Impact level, from 0.
    pub impact: usize,
}

/// Draws the matrix, most likely at the top as on paper. Each cell names its rating; what is
/// plotted stands in its cell as text. Ratings are spread over four shades.
pub fn risk_matrix(t: Words, of: &Matrix, plotted: &[Plotted]) -> Markup {
    let shade = |rating: usize| match of.ratings.len() {
        0 | 1 => 1,
        n => 1 + (rating * 3 + (n - 1) / 2) / (n - 1),
    };
    html! {
        div .vs-table-scroll tabindex="0" role="region" aria-label=(of.caption) {
            table .vs-matrix {
                caption .govuk-table__caption .govuk-table__caption--s { (of.caption) }
                thead {
                    tr {
                        td .vs-matrix__corner {}
                        th .vs-matrix__axis scope="colgroup" colspan=(of.impact.len()) { (t("ui-impact")) }
                    }
                    tr {
                        th .vs-matrix__axis scope="col" { (t("ui-likelihood")) }
                        @for impact in of.impact { th scope="col" { (impact) } }
                    }
                }
                tbody {
                    @for (l, name) in of.likelihood.iter().enumerate().rev() {
                        tr {
                            th scope="row" { (name) }
                            @for i in 0..of.impact.len() {
                                @let rating = of.cells.get(l).and_then(|row| row.get(i)).copied().unwrap_or(0);
                                td class={ "vs-matrix__cell vs-matrix__cell--" (shade(rating)) } {
                                    span .vs-matrix__rating { (of.ratings.get(rating).copied().unwrap_or("")) }
                                    @for p in plotted.iter().filter(|p| p.likelihood == l && p.impact == i) {
                                        " " strong .vs-matrix__mark { (p.text) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
