//! The connection that listens: a number that rises when something was written.
//!
//! It is made again when it is lost, and the number rises then too. A notification that is lost all the same costs
//! those who keep records in memory nothing but the time until they ask by themselves.

use super::connect::Database;
use std::future::poll_fn;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_postgres::{AsyncMessage, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The pause before the connection is made again: doubles with each failure.
const MIN_PAUSE: Duration = Duration::from_millis(250);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Listens until it is dropped.
pub(super) struct Listener {
    number: watch::Receiver<u64>,
    task: AbortHandle,
}

impl Listener {
    pub(super) fn start(database: &Database) -> Listener {
        let (sender, number) = watch::channel(0);
        let task = tokio::spawn(listen(database.config.clone(), database.tls.clone(), sender));
        Listener { number, task: task.abort_handle() }
    }

    pub(super) fn notifications(&self) -> watch::Receiver<u64> {
        self.number.clone()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(config: Config, tls: MakeRustlsConnect, number: watch::Sender<u64>) {
    let mut pause = MIN_PAUSE;
    loop {
        match listen_once(&config, tls.clone(), &number).await {
            Ok(()) => pause = MIN_PAUSE,
            Err(error) => {
                tracing::debug!(%error, "the connection that listens for changes was lost, and is made again");
                pause = (pause * 2).min(MAX_PAUSE);
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// Listens on one connection until it ends; an error if it did not come to that.
async fn listen_once(
    config: &Config,
    tls: MakeRustlsConnect,
    number: &watch::Sender<u64>,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(tls).await?;
    let rises = number.clone();
    // Ends with this future: the set ends its tasks.
    let mut reading = tokio::task::JoinSet::new();
    reading.spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message {
                rises.send_modify(|number| *number += 1);
            }
        }
    });
    client.batch_execute("LISTEN keyway").await?;
    // Something may have been written while there was no connection.
    number.send_modify(|number| *number += 1);
    let _ended = reading.join_next().await;
    Ok(())
}
