//! A folder into which a mail server lays messages, one a file (Maildir): what lies in `new`, and moving it to `cur` once it was taken.
//!
//! Nothing outside of the folder is touched: names are names and no paths, and what is a link is passed by, also where it was put there
//! between looking and opening. The folder belongs to the mail server: files come and go while it is read, and that is no fault. A message
//! is moved only after whoever took it says that it is kept, so one that was being taken when the program ended comes again;
//! [`crate::Message::id`] tells that it is the same.

use std::collections::BinaryHeap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// How often a name in `cur` is tried that nobody has.
const TRIES: u32 = 100;

/// Why the folder, or a message in it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is not there any more, or never was, or is none of this kind.
    #[error("{} is no folder for mail: it needs to be a folder that holds the folders new, cur and tmp, none of them a link", .path.display())]
    NoMaildir {
        /// Which.
        path: PathBuf,
    },
    /// A name that is no name of a file, such as `../x`.
    #[error("{} is no name of a message: it may not be empty, hold a / or begin with a dot", .name.display())]
    Name {
        /// Which.
        name: OsString,
    },
    /// The system refuses.
    #[error("{} cannot be read or moved: {source}. See whether this program may read and write there", .path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// Its code: `no-maildir`, `name` or `io`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoMaildir { .. } => "no-maildir",
            Self::Name { .. } => "name",
            Self::Io { .. } => "io",
        }
    }
}

/// What became of one message.
#[derive(Debug)]
pub enum Taken<T, E> {
    /// It was taken.
    Yes {
        /// What taking it gave.
        given: T,
        /// Why it still lies in `new`, where it does: it will come again.
        left: Option<Error>,
    },
    /// Whoever should take it did not. It lies in `new` as before.
    No(E),
    /// It is not there any more: another program took it.
    Gone,
    /// It is no file: a folder, a link, a pipe. It is left as it is.
    NoFile,
    /// It is larger than it may be. It is left as it is.
    TooLarge {
        /// How large, in bytes; at least, where it grew.
        bytes: u64,
    },
}

/// A folder for mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maildir {
    path: PathBuf,
}

impl Maildir {
    /// The folder at this path.
    ///
    /// # Errors
    /// [`Error::NoMaildir`] where it is none; [`Error::Io`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        // Whoever names the folder may do so by a link; within, there is none.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if is_gone(&error) => return Err(Error::NoMaildir { path: path.to_owned() }),
            Err(source) => return Err(Error::Io { path: path.to_owned(), source }),
        };
        let maildir = Self { path };
        maildir.check()?;
        Ok(maildir)
    }

    /// The names of at most `most` messages in `new`, the first in the order of names: mail servers begin names by the time. Names that begin
    /// with a dot, and what is no file, are left out.
    ///
    /// # Errors
    /// [`Error::NoMaildir`] where the folder went away; [`Error::Io`].
    pub fn new_messages(&self, most: usize) -> Result<Vec<OsString>, Error> {
        self.check()?;
        let folder = self.path.join("new");
        let failed = |source: io::Error| {
            if is_gone(&source) { Error::NoMaildir { path: self.path.clone() } } else { Error::Io { path: folder.clone(), source } }
        };
        // Never more in memory than are asked for: the largest name is dropped first.
        let mut names = BinaryHeap::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // A file that went away in between is not listed.
            if !is_name(&entry.file_name()) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            names.push(entry.file_name());
            if names.len() > most {
                names.pop();
            }
        }
        Ok(names.into_sorted_vec())
    }

    /// Reads the message of this name in `new`, at most `most` bytes, and hands it to `take`; moves it to `cur` as seen (`:2,S`) once that
    /// says that it is kept. Nothing in `cur` is ever written over.
    ///
    /// # Errors
    /// [`Error::Name`] where it is no name; [`Error::NoMaildir`] where the folder went away; [`Error::Io`] where the message cannot be read.
    pub fn take<T, E>(&self, name: &OsStr, most: u64, take: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<Taken<T, E>, Error> {
        if !is_name(name) {
            return Err(Error::Name { name: name.to_owned() });
        }
        self.check()?;
        let path = self.path.join("new").join(name);
        let bytes = match self.content(&path, most) {
            Ok(Content::Bytes(bytes)) => bytes,
            Ok(Content::NoFile) => return Ok(Taken::NoFile),
            Ok(Content::TooLarge(bytes)) => return Ok(Taken::TooLarge { bytes }),
            Err(error) if is_gone(&error) => return Ok(Taken::Gone),
            Err(source) => return Err(Error::Io { path, source }),
        };
        match take(&bytes) {
            Ok(given) => Ok(Taken::Yes { given, left: self.move_on(name).err() }),
            Err(error) => Ok(Taken::No(error)),
        }
    }

    /// Sees that the folder and those within are folders.
    fn check(&self) -> Result<(), Error> {
        let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
        if ["", "new", "cur"].iter().all(|within| is_folder(&self.path.join(within))) {
            Ok(())
        } else {
            Err(Error::NoMaildir { path: self.path.clone() })
        }
    }

    /// What a file holds. It is looked at before it is opened and after: both must be the same file, so no link was followed.
    fn content(&self, path: &Path, most: u64) -> io::Result<Content> {
        let before = fs::symlink_metadata(path)?;
        if !before.is_file() {
            return Ok(Content::NoFile);
        }
        let file = File::open(path)?;
        let opened = file.metadata()?;
        if !is_same(&before, &opened) {
            return Ok(Content::NoFile);
        }
        if opened.len() > most {
            return Ok(Content::TooLarge(opened.len()));
        }
        let mut bytes = Vec::new();
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(if length > most { Content::TooLarge(length) } else { Content::Bytes(bytes) })
    }

    /// Moves a message to `cur`, under a name that nothing there has.
    fn move_on(&self, name: &OsStr) -> Result<(), Error> {
        let from = self.path.join("new").join(name);
        // What follows the colon says what was done with it; in `new` there should be nothing yet.
        let base = name.as_bytes().split(|byte| *byte == b':').next().unwrap_or_default();
        for again in 0..TRIES {
            let mut target = base.to_vec();
            if again > 0 {
                target.extend_from_slice(format!(".{again}").as_bytes());
            }
            target.extend_from_slice(b":2,S");
            let to = self.path.join("cur").join(OsString::from_vec(target));
            match fs::symlink_metadata(&to) {
                Ok(_) => continue,
                Err(error) if is_gone(&error) => {}
                Err(source) => return Err(Error::Io { path: to, source }),
            }
            return match fs::rename(&from, &to) {
                Ok(()) => Ok(()),
                // Somebody else moved it, or the folder went away: see which.
                Err(error) if is_gone(&error) => self.check(),
                Err(source) => Err(Error::Io { path: from, source }),
            };
        }
        Err(Error::Io { path: from, source: ErrorKind::AlreadyExists.into() })
    }
}

/// What lies under a name.
enum Content {
    Bytes(Vec<u8>),
    NoFile,
    TooLarge(u64),
}

/// Whether this is a name of a message, and no path.
fn is_name(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    !bytes.is_empty() && bytes[0] != b'.' && bytes[0] != b':' && !bytes.contains(&b'/') && !bytes.contains(&0)
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    other.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
