//! The opening: challenge, proof, welcome.

use std::collections::BTreeMap;

use lt_backoffice::Principal;
use lt_protocol::{
    code::{Code, WireError},
    sync::{ClientFrame, Hello, ServerFrame, StreamHead, close, read_client_frame},
};
use lt_seal::{
    Secret, device,
    encode::{base64url_decode, base64url_encode},
    random_bytes, sha256,
};

use super::{
    Desks,
    wire::{Wire, complain, send},
};
use crate::socket::{End, HELLO_WITHIN, TRY_LATER};

/// A desktop that proved who it is.
pub(super) struct Opened {
    pub(super) principal: Principal,
    pub(super) token: Secret<String>,
    pub(super) cursors: BTreeMap<u64, u64>,
    pub(super) streams: Vec<StreamHead>,
}

/// What the welcome says beside the principal.
struct State {
    generation: String,
    last_n: u64,
    streams: Vec<StreamHead>,
}

pub(super) async fn open(desks: &Desks, wire: &mut impl Wire) -> Result<Opened, End> {
    let nonce: [u8; 32] =
        random_bytes().map_err(|_| End::close(TRY_LATER, "no randomness on the server"))?;
    let challenge = ServerFrame::Challenge {
        nonce: base64url_encode(&nonce),
    };
    send(wire, &challenge).await?;

    let mut hello = first_frame(wire).await?;
    let token = Secret::new(std::mem::take(&mut hello.token));
    if !hello.is_readable() {
        complain(wire, Code::UpgradeRequired).await;
        return Err(End::close(
            close::UPGRADE,
            "another version of the protocol or of the rows",
        ));
    }
    let principal = match check(desks, &hello, &token, &nonce).await {
        Ok(principal) => principal,
        Err(error) => {
            complain(wire, error.code).await;
            return Err(end_of(&error));
        }
    };
    wire.proven(principal.device);
    let State {
        generation,
        last_n,
        streams,
    } = state(desks, &principal).await.map_err(|e| end_of(&e))?;

    let head_of = |stream: u64| streams.iter().find(|head| head.stream == stream);
    // A cursor beyond its stream's head: the data is older than what the desktop has seen of it, as
    // after a backup was put back. The desktop sees that in the welcome too and drops what it has.
    let went_back = hello
        .cursors
        .iter()
        .any(|cursor| head_of(cursor.stream).is_some_and(|head| cursor.seq > head.head));
    let cursors = if hello.generation == generation && !went_back {
        let wanted = |stream| streams.iter().any(|head| head.stream == stream);
        hello
            .cursors
            .iter()
            .filter(|cursor| wanted(cursor.stream))
            .map(|cursor| (cursor.stream, cursor.seq))
            .collect()
    } else {
        BTreeMap::new()
    };
    let welcome = ServerFrame::Welcome {
        session: principal.session,
        agent: principal.agent.clone(),
        server_now: desks.now(),
        generation,
        last_n,
        streams: streams.clone(),
    };
    send(wire, &welcome).await?;
    Ok(Opened {
        principal,
        token,
        cursors,
        streams,
    })
}

async fn first_frame(wire: &mut impl Wire) -> Result<Hello, End> {
    let text = tokio::time::timeout(HELLO_WITHIN, wire.next())
        .await
        // No word of who it is: a hello that was lost must not sign the desktop out.
        .map_err(|_| End::close(TRY_LATER, "no hello in time"))??;
    match read_client_frame(&text) {
        Ok(ClientFrame::Hello(hello)) => Ok(hello),
        Ok(_) => {
            complain(wire, Code::SignedOut).await;
            Err(End::close(close::AUTH, "a hello comes first"))
        }
        Err(code) => {
            complain(wire, code).await;
            Err(End::close(close::BAD_FRAME, "the hello cannot be read"))
        }
    }
}

/// The token names a session of this very device, and whoever sent it holds the device's key.
async fn check(
    desks: &Desks,
    hello: &Hello,
    token: &Secret<String>,
    nonce: &[u8; 32],
) -> Result<Principal, WireError> {
    let refused = |why| WireError::new(Code::SignedOut, why);
    let proof = base64url_decode(&hello.proof).map_err(|_| refused("the proof is garbled"))?;
    let mut message = nonce.to_vec();
    message.extend_from_slice(&sha256(token.expose().as_bytes()));
    let token = token.clone();
    let at = desks.now();
    let principal = desks
        .call(move |backoffice| backoffice.authenticate(token.expose(), at))
        .await?;
    if principal.device != hello.device
        || !device::verify(&principal.device_public_key, &message, &proof)
    {
        return Err(refused("the proof is not by the session's device"));
    }
    Ok(principal)
}

async fn state(desks: &Desks, principal: &Principal) -> Result<State, WireError> {
    let principal = principal.clone();
    desks
        .call(move |backoffice| {
            Ok::<_, WireError>(State {
                generation: backoffice.generation()?,
                last_n: backoffice.last_n(principal.device)?,
                streams: backoffice.streams(&principal)?,
            })
        })
        .await
}

/// How a socket ends on an error of the backoffice.
pub(super) fn end_of(error: &WireError) -> End {
    match error.code {
        Code::SignedOut => End::close(close::AUTH, "the session has ended"),
        // All that is asked here is whether somebody may be here at all.
        Code::Forbidden => End::close(close::ENDED, "the account may not sign in"),
        code => {
            tracing::error!(?code, why = error.message, "a desktop was not served");
            End::close(TRY_LATER, "try again later")
        }
    }
}
