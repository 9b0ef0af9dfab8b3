//! Files that come with the post of a section: taken in one after the other as they arrive, attached at their questions, and named in the
//! answers before the section is saved. What is wrong with one is said at its box, and the rest of the section is kept all the same: so too
//! when the virus scanner found something in it.

use rules::form::{Question, QuestionType, Section, UPLOADED};

use super::Choices;
use super::drafts::Saved;
use crate::cx::Cx;
use crate::error::{Error, FieldErrors, Result};
use crate::files::{self, About, Received, To};
use crate::texts::Text;
use crate::web::{Fields, Upload, Visit, answer};

/// How the name of a box for a file ends.
const BOX: &str = ".upload";

/// The name of the box for the file of the question whose other boxes begin with `name`.
pub(super) fn field(name: &str) -> String {
    format!("{name}{BOX}")
}

/// Whether a section asks for files.
pub(super) fn takes_files(section: &Section) -> bool {
    let asks = |question: &Question| question.kind == QuestionType::File;
    section.questions.iter().any(|question| asks(question) || question.questions.iter().any(asks))
}

/// A file that was taken in, on its way to its question.
struct Taken {
    /// The name of its question's boxes: `q.plan`, `q.sites.2.diagram`.
    name: String,
    question: String,
    about: About,
    received: Received,
}

/// Takes in the files of a post of `section`, for answers of the thing `on` (kind and id). The fields as they are to be saved, and what is
/// wrong with files by field name. `led_to` is where a twin of this request is sent.
///
/// # Errors
/// What stops the whole request: it was cut off, or the thing takes nothing from this actor.
pub async fn take(
    visit: &Visit,
    on: (&'static str, &str),
    section: &Section,
    choices: &Choices,
    mut upload: Upload,
    led_to: &str,
) -> Result<(Fields, FieldErrors)> {
    let cx = &visit.cx;
    let (mut taken, mut errors) = (Vec::new(), FieldErrors::default());
    while let Some(boxed) = upload.field().map(str::to_owned) {
        let about = About { name: upload.name().unwrap_or_default().to_owned(), ..About::default() };
        // A box that the section does not have.
        let (name, question) = boxed
            .strip_suffix(BOX)
            .and_then(|name| Some((name.to_owned(), asked(section, name)?.id.clone())))
            .ok_or_else(|| Error::bad_request("error-upload-malformed"))?;
        match files::receive(cx, on, &mut upload).await {
            Ok(received) => taken.push(Taken { name, question, about, received }),
            Err(Error::Invalid(wrong)) => {
                let says = wrong.get("file").cloned().unwrap_or_else(|| Text::new("file-refused-kind"));
                errors.add(boxed, says);
            }
            Err(Error::Refused(refusal)) if refusal.policy == files::INFECTED => {
                errors.add(boxed, refusal.text());
                answer::record(visit, &refusal).await;
            }
            Err(other) => return Err(other),
        }
        upload.next_file().await?;
    }
    // Only now is it known that all of the form came.
    let mut pairs = upload.finish().await?.pairs().to_vec();
    for one in taken {
        let given = format!("{}.{UPLOADED}", one.name);
        let before = pairs.iter().find(|(name, _)| *name == given).map(|(_, id)| id.clone());
        let id = attach(visit, on, &one, before.and_then(|id| choices.upload(&id)).map(|file| file.id.as_str()), led_to).await?;
        pairs.retain(|(name, _)| *name != given);
        pairs.push((given, id.to_string()));
    }
    Ok((Fields::new(pairs), errors))
}

/// Makes what was taken in a file at its question, in the place of the one that was given before.
async fn attach(visit: &Visit, (kind, thing): (&str, &str), one: &Taken, before: Option<&str>, led_to: &str) -> Result<uuid::Uuid> {
    // Each file of the post answers for itself to a twin of the request.
    let cx: Cx = visit.cx.clone().once(visit.key.get().map(|key| format!("{key} {}", one.name)));
    let at = format!("q.{}", one.question);
    let to = match before.and_then(|id| id.parse().ok()) {
        Some(version) => To::Version(version),
        None => To::Thing(kind, thing, Some(&at)),
    };
    let id = files::add(&cx, to, &one.about, &one.received).await?;
    cx.remember_answer(led_to).await?;
    Ok(id)
}

/// The question of a section whose boxes begin with `name`.
fn asked<'a>(section: &'a Section, name: &str) -> Option<&'a Question> {
    let path = name.strip_prefix("q.")?;
    let found = match path.split_once('.') {
        None => section.questions.iter().find(|question| question.id == path),
        Some((group, rest)) => {
            let (entry, id) = rest.split_once('.')?;
            entry.parse::<u16>().ok()?;
            let group = section.questions.iter().find(|question| question.id == group && question.kind == QuestionType::Group)?;
            group.questions.iter().find(|question| question.id == id)
        }
    };
    found.filter(|question| question.kind == QuestionType::File)
}

impl Saved {
    /// With what is wrong with files at their boxes, beside what is wrong with the answers.
    #[must_use]
    pub fn with_files(mut self, wrong: &FieldErrors) -> Self {
        for (name, text) in wrong.iter() {
            self.errors.add(name, text.clone());
        }
        self.whole &= wrong.is_empty();
        self
    }
}
