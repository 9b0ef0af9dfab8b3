//! The text of PDF files: every page as it is shown, with text that is there and cannot be seen.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint, PathDrawMode, SoftMask,
    interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect, Vec2};

use crate::{Error, FileKind, Out, Place, Unread};

mod guard;

pub(crate) const BROKEN: Error = Error::Broken { kind: FileKind::Pdf };

/// So many bytes of a form count as a step.
const FORM: usize = 4 << 10;

/// Reads a PDF. Pages without text that can be read are named as unread; a file that has none but those is refused.
pub(crate) fn read(out: &mut Out<'_>, bytes: &[u8]) -> Result<(), Error> {
    guard::before(out, bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::Locked,
        _ => BROKEN,
    })?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(BROKEN);
    }
    if pages.len() > out.limits.pages {
        return Err(Error::TooManyPages { most: out.limits.pages });
    }
    let form = guard::after(&pdf)?;
    let cache = InterpreterCache::new();
    let mut empty = 0;
    for (number, page) in (1..).zip(pages.iter()) {
        out.mark(Place::Page(number));
        guard::page(out, page)?;
        let room = out.limits.text.saturating_sub(out.text.len());
        let mut shown =
            Shown { text: String::new(), room, steps: out.steps, last: None, full: false, clip: 1 + form / FORM, letters: 0, unknown: 0 };
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            let place = Rect::new(0.0, 0.0, 1.0, 1.0);
            let mut context = Context::new(Affine::IDENTITY, place, &cache, pdf.xref(), InterpreterSettings::default());
            interpret_page(page, &mut context, &mut shown);
        }));
        out.steps = shown.steps;
        if drawn.is_err() {
            return Err(if shown.full {
                out.too_much_text()
            } else if shown.steps == 0 {
                Error::TooIntricate
            } else {
                BROKEN
            });
        }
        empty += usize::from(!shown.says());
        out.push(&shown.text)?;
        out.push("\n\n")?;
    }
    if empty == 0 {
        return Ok(());
    }
    let why = Error::NoText { pages: empty };
    if empty == pages.len() {
        return Err(why);
    }
    out.unread.push(Unread { name: None, why });
    Ok(())
}

/// Where a letter ended, how large it was and in what direction the line goes.
#[derive(Debug, Clone, Copy)]
struct Last {
    start: Point,
    end: Point,
    size: f64,
    along: Vec2,
}

/// Writes down what would be drawn.
struct Shown {
    text: String,
    room: usize,
    steps: usize,
    last: Option<Last>,
    full: bool,
    /// Letters drawn, and those of them whose meaning the file does not say.
    letters: usize,
    unknown: usize,
    /// What a clip counts: every form begins with one, and has been unpacked for it.
    clip: usize,
}

impl Shown {
    /// Whether the page has words. Some programs write letters by their place in a font alone: what they look like says what they are, and
    /// nothing else does. Signs for lists are often such letters, so a few do not count.
    fn says(&self) -> bool {
        !self.text.trim().is_empty() && self.unknown * 10 <= self.letters
    }

    /// Counts steps. There is no other way to leave the drawing of a page than this.
    fn step(&mut self, steps: usize) {
        self.steps = self.steps.saturating_sub(steps);
        if self.steps == 0 {
            resume_unwind(Box::new("too many steps"));
        }
    }

    fn write(&mut self, text: &str) {
        if text.len() > self.room {
            self.full = true;
            resume_unwind(Box::new("too much text"));
        }
        self.room -= text.len();
        self.text.push_str(text);
    }

    /// Writes what parts a letter that begins at `start` from the last one.
    fn part(&mut self, last: &Last, start: Point) {
        let way = start - last.end;
        let (along, across) = (way.dot(last.along), way.cross(last.along).abs());
        let (part, has): (_, &[char]) = if across > last.size * 0.6 || along < -last.size {
            ("\n", &['\n'])
        } else if along > last.size * 2.5 {
            ("\t", &['\n', '\t'])
        } else if along > last.size * 0.15 {
            (" ", &['\n', '\t', ' ', '\u{A0}'])
        } else {
            return;
        };
        if !self.text.ends_with(has) {
            self.write(part);
        }
    }
}

impl Device<'_> for Shown {
    fn draw_glyph(&mut self, glyph: &Glyph<'_>, transform: Affine, glyph_transform: Affine, _: &Paint<'_>, _: &GlyphDrawMode) {
        self.step(1);
        let place = transform * glyph_transform;
        let [a, b, ..] = place.as_coeffs();
        let start = place * Point::ORIGIN;
        // A thousandth of a letter's size is one here.
        let scale = a.hypot(b);
        let along = if scale > 0.0 { Vec2::new(a / scale, b / scale) } else { Vec2::new(1.0, 0.0) };
        let width = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width().map_or(500.0, f64::from),
            Glyph::Type3(_) => 500.0,
        };
        let now = Last { start, end: start + along * (width * scale), size: scale * 1_000.0, along };
        self.letters += 1;
        let said = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => {
                self.unknown += 1;
                char::REPLACEMENT_CHARACTER.to_string()
            }
        };
        if let Some(last) = self.last {
            // Filled and then outlined, or drawn twice to look bold.
            let again = (start - last.start).hypot() < now.size * 0.05 && self.text.ends_with(&said);
            if again {
                return;
            }
            self.part(&last, start);
        }
        self.last = Some(now);
        self.write(&said);
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {
        self.step(1);
    }
    fn push_clip_path(&mut self, _: &ClipPath) {
        self.step(self.clip);
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.step(1);
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {
        self.step(1);
    }
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
