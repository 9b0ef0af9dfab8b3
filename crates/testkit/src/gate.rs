//! What stands between a client and a server, and can be shut: for tests of a server that goes away and comes back.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A port on this machine that leads to a server while it is open.
pub struct Gate {
    /// Its address: `127.0.0.1:…`.
    pub at: String,
    open: Arc<AtomicBool>,
    through: Arc<Mutex<Vec<TcpStream>>>,
}

impl Gate {
    /// An open gate before the server at this address.
    pub fn before(server: impl Into<String>) -> Self {
        let (server, listener) = (server.into(), TcpListener::bind("127.0.0.1:0").unwrap());
        let at = listener.local_addr().unwrap().to_string();
        let (open, through) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
        let (is_open, passing) = (open.clone(), through.clone());
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                if !is_open.load(Ordering::SeqCst) {
                    continue; // Dropped: the connection ends at once.
                }
                let server = TcpStream::connect(&server).unwrap();
                passing.lock().unwrap().extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                for (mut from, mut to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)] {
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
            }
        });
        Self { at, open, through }
    }

    /// Ends every connection and takes no new one.
    pub fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
        for stream in self.through.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Takes connections again.
    pub fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
    }
}
