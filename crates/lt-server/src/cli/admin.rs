//! An administrator's calls: sign in with a key of the moment, call, sign out.

use anyhow::{Context, Result};
use lt_model::{agent::Agent, id::DeviceId};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, LoginResponse, header, proof_message},
    enrol::Enrolment,
};
use lt_seal::{
    Secret,
    device::DeviceKey,
    encode::{base64url_encode, hex_encode},
    sha256,
};
use serde::{Serialize, de::DeserializeOwned};

use super::client::{Client, Request};
use crate::app::now;

/// A signed-in administrator.
pub struct Admin {
    client: Client,
    key: DeviceKey,
    token: Secret<String>,
    /// Who signed in.
    pub agent: Agent,
}

/// Posts a body to a call that needs no session.
pub fn post_open<T: Serialize>(server: &Enrolment, path: &str, body: &T) -> Result<Vec<u8>> {
    let body = Secret::new(serde_json::to_vec(body)?);
    Client::new(server)?
        .send(&Request {
            method: "POST",
            path,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.expose(),
        })?
        .success()
}

impl Admin {
    /// Signs in.
    pub fn sign_in(server: &Enrolment, username: &str, password: &Secret<String>) -> Result<Self> {
        let key = DeviceKey::generate()?;
        let request = LoginRequest {
            username: username.to_owned(),
            password: password.expose().clone(),
            device: DeviceInfo {
                id: DeviceId(uuid::Uuid::now_v7()),
                name: "lingtai command".to_owned(),
                os: "cli".to_owned(),
                public_key: base64url_encode(&key.public()),
            },
        };
        let answer = post_open(server, "/api/v1/login", &request).context("cannot sign in")?;
        let login: LoginResponse = serde_json::from_slice(&answer)?;
        Ok(Self {
            client: Client::new(server)?,
            key,
            token: Secret::new(login.token),
            agent: login.agent,
        })
    }

    /// Calls with a JSON body and reads a JSON answer.
    pub fn post<B: Serialize, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T> {
        let body = Secret::new(serde_json::to_vec(body)?);
        let answer = self.call("POST", path, body.expose())?;
        serde_json::from_slice(&answer).context("the answer is not the expected JSON")
    }

    /// Puts a JSON body in the place of what is there and reads a JSON answer.
    pub fn put<B: Serialize, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T> {
        let answer = self.call("PUT", path, &serde_json::to_vec(body)?)?;
        serde_json::from_slice(&answer).context("the answer is not the expected JSON")
    }

    /// Calls with any body.
    pub fn call(&self, method: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        let timestamp = now();
        let token_hash = hex_encode(&sha256(self.token.as_bytes()));
        let message = proof_message(method, path, timestamp, &token_hash);
        let proof = base64url_encode(&self.key.sign(message.as_bytes()));
        let request = Request {
            method,
            path,
            headers: vec![
                (
                    header::AUTHORIZATION,
                    format!("Bearer {}", self.token.expose()),
                ),
                (header::TIMESTAMP, timestamp.to_string()),
                (header::PROOF, proof),
                ("content-type", "application/json".to_owned()),
            ],
            body,
        };
        self.client.send(&request)?.success()
    }

    /// Signs out; the token is worthless after it.
    pub fn sign_out(self) -> Result<()> {
        self.call("POST", "/api/v1/logout", b"").map(drop)
    }
}
