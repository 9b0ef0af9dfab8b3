//! Writing transactions. PostgreSQL has as many at once as are asked for. SQLite has one writer: of those who share, whoever waits while another
//! writes is let in behind a savepoint of their own within the same transaction of the database, and all of them are told that theirs is done
//! once that one is on disk. So the way to the disk, which takes longest, is gone once for all who wait, and nobody is told anything that a
//! power cut undoes. Who does not share finds everything before them on disk.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr, TransactionOptions, TransactionTrait as _};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::passing::is_passing;
use crate::error::{Error, Result};

/// How long anybody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most acts that share a way to the disk: while they are on it, those behind them get ready.
const TOGETHER: usize = 4;
/// Stands before those let in: whatever gave the whole transaction up by itself, as SQLite does when the disk is full, took this with it.
const MARK: &str = "vouchsafe_shared";

/// The line before SQLite's one writer.
#[derive(Clone, Default)]
pub(super) struct Line {
    turn: Arc<Mutex<Option<Shared>>>,
    waiting: Arc<AtomicUsize>,
    /// Of these, who share.
    sharing: Arc<AtomicUsize>,
}

impl Line {
    /// Waits until nobody stands in it.
    pub(super) async fn calm(&self) {
        while self.waiting.load(Ordering::Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A transaction whose first act is done and which others may join.
struct Shared {
    outer: DatabaseTransaction,
    /// Those whose acts are done within it.
    told: Vec<oneshot::Sender<Ended>>,
    /// An act within it was given up. If the database did so by itself, more than that act is gone: nobody else may join.
    closed: bool,
}

/// How a shared transaction ended, for each of those within it.
#[derive(Debug, Clone)]
enum Ended {
    OnDisk,
    /// By something that passes by itself.
    Passing,
    Failed(String),
}

impl Ended {
    fn read(self) -> Result<()> {
        match self {
            Self::OnDisk => Ok(()),
            Self::Passing => Err(Error::Unavailable),
            Self::Failed(why) => Err(Error::internal(why)),
        }
    }
}

impl Shared {
    /// Where one of those within it will hear how it ended.
    fn told(&mut self) -> oneshot::Receiver<Ended> {
        let (tell, told) = oneshot::channel();
        self.told.push(tell);
        told
    }

    /// Commits and tells all.
    async fn end(self) {
        let ended = match self.commit().await {
            (told, Ok(())) => (told, Ended::OnDisk),
            (told, Err(error)) if is_passing(&error) => {
                tracing::warn!(%error, "a transaction shared by several did not end");
                (told, Ended::Passing)
            }
            (told, Err(error)) => (told, Ended::Failed(format!("a transaction shared by several did not end: {error}"))),
        };
        for told in ended.0 {
            // Whoever went away needs no answer.
            let _ = told.send(ended.1.clone());
        }
    }

    async fn commit(self) -> (Vec<oneshot::Sender<Ended>>, Result<(), DbErr>) {
        if let Err(error) = self.outer.execute_unprepared(&format!("RELEASE {MARK}")).await {
            // The database gave all of it up, for want of room or of a disk that answers; nothing stays, and the same may succeed later.
            tracing::warn!(%error, "a transaction shared by several was given up");
            return (self.told, Err(DbErr::Conn(sea_orm::RuntimeErr::Internal("given up".to_owned()))));
        }
        (self.told, self.outer.commit().await)
    }
}

/// Ends the transaction that is shared, if one is. Whoever does so has the turn.
async fn end(shared: &mut Option<Shared>) {
    if let Some(shared) = shared.take() {
        shared.end().await;
    }
}

/// Somebody in the line.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How the shared transactions end that somebody saw something of, and wrote nothing in.
type Seen = Arc<std::sync::Mutex<Vec<oneshot::Receiver<Ended>>>>;

tokio::task_local! {
    static SEEN: Seen;
}

/// Does `work` and waits until all is on disk that it may have seen while it was not: what is made of its outcome then rests on nothing that is
/// undone. Whoever commits has waited already.
///
/// # Errors
/// When something that it may have seen was undone: what came of it means nothing.
pub(crate) async fn settled<T>(work: impl Future<Output = T>) -> Result<T> {
    let both = async {
        let done = work.await;
        settle().await.map(|()| done)
    };
    SEEN.scope(Seen::default(), both).await
}

/// Waits for what [`settled`] waits for in the end: for whoever goes on from an outcome by reading beside their transaction.
pub(crate) async fn settle() -> Result<()> {
    let Ok(seen) = SEEN.try_with(Clone::clone) else { return Ok(()) };
    let open = std::mem::take(&mut *seen.lock().map_err(|_| Error::internal("what was seen fell apart"))?);
    for told in open {
        heard(told).await?;
    }
    Ok(())
}

/// The turn of SQLite's one writer. What it holds is the shared transaction that its own stands within, if it does.
struct Turn {
    line: Line,
    shared: OwnedMutexGuard<Option<Shared>>,
    /// It lets others in, who share as well.
    shares: bool,
    /// Its own is done.
    done: bool,
    /// Of whoever asked for it.
    seen: Option<Seen>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(shared) = self.shared.as_mut().filter(|_| !self.done) else { return };
        shared.closed = true;
        if let Some(mut seen) = self.seen.as_ref().and_then(|seen| seen.lock().ok()) {
            seen.push(shared.told());
        }
    }
}

/// An open writing transaction. Dropped, it changes nothing.
pub(crate) struct Writing {
    // Before the turn: given up before anybody else has it.
    own: DatabaseTransaction,
    turn: Option<Turn>,
}

impl Deref for Writing {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.own
    }
}

impl Writing {
    /// One of PostgreSQL's.
    pub(super) async fn beside(writer: &DatabaseConnection, options: TransactionOptions) -> Result<Self> {
        Ok(Self { own: writer.begin_with_options(options).await?, turn: None })
    }

    /// Waits for the turn of SQLite's one writer. Who `shares` may stand within the transaction of others who do, and let them into theirs.
    pub(super) async fn in_line(line: &Line, writer: &DatabaseConnection, options: TransactionOptions, shares: bool) -> Result<Self> {
        let (line, writer, seen) = (line.clone(), writer.clone(), SEEN.try_with(Clone::clone).ok());
        // To its end even if whoever asked goes away: half a beginning would be given up twice, the second time with what it stands within.
        let begun = tokio::spawn(async move {
            let waiting = (Waiting::new(&line.waiting), shares.then(|| Waiting::new(&line.sharing)));
            let shared = tokio::time::timeout(PATIENCE, line.turn.clone().lock_owned()).await;
            drop(waiting);
            let mut turn = Turn { line, shared: shared.map_err(|_| Error::Unavailable)?, shares, done: false, seen };
            if turn.shared.as_ref().is_some_and(|shared| shared.closed || !shares) {
                end(&mut turn.shared).await;
            }
            let own = match turn.shared.as_ref() {
                None => writer.begin_with_options(options).await?,
                Some(shared) => shared.outer.begin().await?,
            };
            Ok(Self { own, turn: Some(turn) })
        });
        begun.await.map_err(Error::internal)?
    }

    /// Commits: what was written is on disk when this returns.
    ///
    /// # Errors
    /// When the database fails; nothing is written then.
    pub(crate) async fn commit(self) -> Result<()> {
        match self.turn {
            None => Ok(self.own.commit().await?),
            // To its end, as it was begun.
            Some(turn) => tokio::spawn(committed(self.own, turn)).await.map_err(Error::internal)?,
        }
    }

    /// Gives it up, and waits until what it may have seen of those before it is on disk: for whoever goes on from that.
    ///
    /// # Errors
    /// When that was undone.
    pub(crate) async fn give_up(mut self) -> Result<()> {
        let told = self.turn.as_mut().and_then(|turn| turn.shared.as_mut()).map(Shared::told);
        drop(self);
        match told {
            Some(told) => heard(told).await,
            None => Ok(()),
        }
    }
}

async fn committed(own: DatabaseTransaction, mut turn: Turn) -> Result<()> {
    let told = if let Some(shared) = turn.shared.as_mut() {
        own.commit().await?;
        let told = shared.told();
        if shared.told.len() >= TOGETHER {
            end(&mut turn.shared).await;
        }
        told
    } else if !turn.shares || turn.line.sharing.load(Ordering::Relaxed) == 0 {
        return Ok(own.commit().await?);
    } else {
        own.execute_unprepared(&format!("SAVEPOINT {MARK}")).await?;
        let line = turn.line.clone();
        // It ends after those who stand in the line by now, whether they come or not.
        tokio::spawn(async move { end(&mut *line.turn.lock().await).await });
        turn.shared.insert(Shared { outer: own, told: Vec::new(), closed: false }).told()
    };
    turn.done = true;
    drop(turn);
    heard(told).await
}

async fn heard(told: oneshot::Receiver<Ended>) -> Result<()> {
    told.await.map_err(|_| Error::Unavailable)?.read()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sea_orm::Statement;

    use super::*;
    use crate::db::Db;

    async fn made() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("lines.db").display())).await.unwrap();
        db.writer().execute_unprepared("CREATE TABLE line (id INTEGER PRIMARY KEY)").await.unwrap();
        (folder, db)
    }

    async fn write(tx: &Writing, id: i64) {
        let insert = Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, "INSERT INTO line (id) VALUES (?)", [id.into()]);
        tx.execute_raw(insert).await.unwrap();
    }

    /// With somebody's turn, who wrote 0.
    async fn begun() -> (tempfile::TempDir, Db, Writing) {
        let (folder, db) = made().await;
        let first = db.begin_sharing().await.unwrap();
        write(&first, 0).await;
        (folder, db, first)
    }

    async fn kept(db: &Db) -> BTreeSet<i64> {
        let all = Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT id FROM line");
        db.reader().query_all_raw(all).await.unwrap().iter().map(|row| row.try_get::<i64>("", "id").unwrap()).collect()
    }

    /// Waits until so many stand in the line.
    async fn standing(db: &Db, many: usize) {
        while db.line.waiting.load(Ordering::Relaxed) < many {
            tokio::task::yield_now().await;
        }
    }

    /// Something that is done or given up once its turn comes.
    fn act(db: &Db, id: i64, done: bool) -> tokio::task::JoinHandle<Result<bool>> {
        let db = db.clone();
        tokio::spawn(async move {
            let tx = db.begin_sharing().await?;
            write(&tx, id).await;
            if done {
                tx.commit().await?;
                // Told, it can be read by everybody.
                return Ok(kept(&db).await.contains(&id));
            }
            drop(tx);
            Ok(true)
        })
    }

    #[tokio::test]
    async fn whoever_waits_shares_the_way_to_the_disk() {
        let (_folder, db, first) = begun().await;
        let mut acts = Vec::new();
        for id in 1..=6 {
            // The fourth is given up: nothing of it stays, and all of the others does.
            acts.push(act(&db, id, id != 4));
            standing(&db, acts.len()).await;
        }
        assert!(kept(&db).await.is_empty());
        first.commit().await.unwrap();
        for act in acts {
            assert!(act.await.unwrap().unwrap());
        }
        assert_eq!(kept(&db).await, [0, 1, 2, 3, 5, 6].into());
        assert!(db.line.turn.lock().await.is_none());
        // Alone, one ends by itself.
        assert!(act(&db, 7, true).await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn who_does_not_share_finds_everything_on_disk() {
        let (_folder, db, first) = begun().await;
        let second = act(&db, 1, true);
        standing(&db, 1).await;
        let alone = {
            let db = db.clone();
            tokio::spawn(async move {
                let tx = db.begin().await.unwrap();
                let before = kept(&db).await;
                write(&tx, 2).await;
                tx.commit().await.unwrap();
                before
            })
        };
        standing(&db, 2).await;
        let fourth = act(&db, 3, true);
        standing(&db, 3).await;
        first.commit().await.unwrap();
        assert_eq!(alone.await.unwrap(), [0, 1].into());
        assert!(second.await.unwrap().unwrap() && fourth.await.unwrap().unwrap());
        assert_eq!(kept(&db).await, [0, 1, 2, 3].into());
    }

    #[tokio::test]
    async fn who_goes_away_takes_nobody_with_them() {
        let (_folder, db, first) = begun().await;
        let (gone, stays) = (act(&db, 1, true), act(&db, 2, true));
        standing(&db, 2).await;
        gone.abort();
        let first = tokio::spawn(first.commit());
        assert!(stays.await.unwrap().unwrap());
        first.await.unwrap().unwrap();
        // Whether it was begun or not when it went away, it is there or it is not, and the line goes on.
        assert!(kept(&db).await.is_superset(&[0, 2].into()));
        // Nobody comes after the first who saw them waiting.
        let first = db.begin_sharing().await.unwrap();
        write(&first, 10).await;
        let gone = act(&db, 11, true);
        standing(&db, 1).await;
        gone.abort();
        first.commit().await.unwrap();
        assert!(kept(&db).await.contains(&10));
        assert!(act(&db, 12, true).await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn what_the_database_gives_up_by_itself_is_told_to_all_within() {
        let (_folder, db, first) = begun().await;
        let other = {
            let db = db.clone();
            tokio::spawn(async move {
                let tx = db.begin_sharing().await.unwrap();
                write(&tx, 1).await;
                // As SQLite does when the disk is full: everything since the beginning is gone, and whoever is there was not asked.
                let _ = tx.execute_unprepared("ROLLBACK").await;
                drop(tx);
            })
        };
        standing(&db, 1).await;
        let third = act(&db, 3, true);
        standing(&db, 2).await;
        assert!(first.commit().await.is_err());
        other.await.unwrap();
        // Who came after them is not told that theirs is done unless it is.
        let third = third.await.unwrap();
        assert_eq!(third.is_ok_and(|seen| seen), kept(&db).await.contains(&3));
        assert!(!kept(&db).await.contains(&0) && !kept(&db).await.contains(&1));
        assert!(act(&db, 4, true).await.unwrap().unwrap());
        assert!(kept(&db).await.contains(&4));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_steps_back_for_a_while() {
        let (_folder, db) = made().await;
        let long = Duration::from_hours(1);
        // Nobody stands there: at once.
        db.calm(long).await;
        let first = db.begin_sharing().await.unwrap();
        let second = act(&db, 1, true);
        standing(&db, 1).await;
        // Not for ever.
        db.calm(Duration::from_millis(20)).await;
        assert_eq!(db.line.waiting.load(Ordering::Relaxed), 1);
        let ((), done) = tokio::join!(db.calm(long), async {
            first.commit().await.unwrap();
            second.await.unwrap().unwrap()
        });
        assert!(done);
    }

    /// Somebody who comes second, writes nothing and says what they saw.
    async fn seeing(db: &Db, breaks: bool) -> Result<bool> {
        settled(async {
            let tx = db.begin_sharing().await.unwrap();
            let row = tx.query_one_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT id FROM line")).await.unwrap();
            if breaks {
                tx.execute_unprepared("ROLLBACK").await.unwrap();
            }
            row.is_some()
        })
        .await
    }

    #[tokio::test]
    async fn what_was_seen_of_others_is_told_once_it_is_on_disk() {
        for breaks in [false, true] {
            let (_folder, db, first) = begun().await;
            let second = {
                let db = db.clone();
                tokio::spawn(async move { (seeing(&db, breaks).await, kept(&db).await.contains(&0)) })
            };
            standing(&db, 1).await;
            assert_eq!(first.commit().await.is_err(), breaks);
            match second.await.unwrap() {
                (Ok(saw), there) => assert!(saw && there && !breaks),
                // What it saw was undone.
                (Err(_), there) => assert!(!there && breaks),
            }
        }
    }
}
