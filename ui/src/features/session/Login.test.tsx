import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RpcError } from "@/platform";
import { asked, openDesk, type } from "@/test/desk";
import { shownServer } from "./enrolment";

const press = async () => void fireEvent.submit(await screen.findByTestId("login"));

describe("signing in", () => {
  it("goes from the server to the account to the desk", async () => {
    const fixture = await openDesk({ session: { phase: "fresh", keychain: true } });
    await press();
    expect(screen.getByText("请填接入码或服务器地址")).toBeTruthy();
    type(screen.getByTestId("login-server"), "https://desk.example.com");
    await press();
    type(screen.getByTestId("login-username"), "wang.xiaotong");
    type(screen.getByTestId("login-password"), "secret");
    expect(screen.queryByTestId("login-passphrase")).toBeNull();
    await press();
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
    expect(asked(fixture, "session.login")[0]?.args).toEqual({
      server: "https://desk.example.com",
      username: "wang.xiaotong",
      password: "secret",
      passphrase: null,
    });
  });
  it("goes back to the server where its code cannot be read", async () => {
    const fixture = await openDesk({ session: { phase: "fresh", keychain: true } });
    await screen.findByTestId("login");
    type(screen.getByTestId("login-server"), "lingtai1.half");
    await press();
    type(screen.getByTestId("login-username"), "wang.xiaotong");
    type(screen.getByTestId("login-password"), "secret");
    fixture.refuse("session.login", new RpcError("bad_request", "", false, ""));
    await press();
    expect(await screen.findByText(/^接入码或地址读不懂/)).toBeTruthy();
    expect((screen.getByTestId("login-server") as HTMLInputElement).value).toBe("lingtai1.half");
    await press();
    expect((screen.getByTestId("login-username") as HTMLInputElement).value).toBe("wang.xiaotong");
  });
  it("asks for a passphrase where no keychain keeps the key", async () => {
    const fixture = await openDesk({ session: { phase: "fresh", keychain: false } });
    await screen.findByTestId("login");
    type(screen.getByTestId("login-server"), "https://desk.example.com");
    await press();
    type(screen.getByTestId("login-username"), "wang");
    type(screen.getByTestId("login-password"), "secret");
    type(screen.getByTestId("login-passphrase"), "七个字的口令啊");
    await press();
    expect(screen.getByText("本机口令至少 8 个字")).toBeTruthy();
    type(screen.getByTestId("login-passphrase"), "这是八个字的口令");
    await press();
    await waitFor(() =>
      expect(asked(fixture, "session.login")[0]?.args).toMatchObject({
        passphrase: "这是八个字的口令",
      }),
    );
  });
  it("after a sign-out asks for the password alone, and says what is wrong", async () => {
    const fixture = await openDesk({
      session: { phase: "signed_out", server: "desk.example.com", account: "wang" },
    });
    await screen.findByTestId("login");
    fixture.refuse("session.login", new RpcError("wrong_password", "", false, ""));
    type(screen.getByTestId("login-password"), "wrong");
    await press();
    expect(await screen.findByText("账号或密码不对，请再试一次。")).toBeTruthy();
    fixture.refuse("session.login", new RpcError("untrusted", "", false, ""));
    await press();
    expect((await screen.findByTestId("login-error")).textContent).toContain("证书与接入码不符");
    await press();
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
  });
  it("opens a locked store, or says that the passphrase is wrong", async () => {
    const fixture = await openDesk({ session: { phase: "locked", account: "wang" } });
    const form = await screen.findByTestId("unlock");
    fixture.refuse("session.unlock", new RpcError("wrong_passphrase", "", false, ""));
    type(screen.getByTestId("unlock-passphrase"), "nope");
    fireEvent.submit(form);
    expect(await screen.findByText("口令不对，本机数据没有打开。")).toBeTruthy();
    fireEvent.submit(form);
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
  });
});

it("shows the server of an enrolment code", () => {
  const code = `lingtai1.${btoa(JSON.stringify({ u: "https://desk.example.com:8443", ca: "AA" }))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")}`;
  expect(shownServer(code)).toEqual({ host: "desk.example.com:8443", byCode: true });
  expect(shownServer(" http://127.0.0.1:8080/ ")).toEqual({
    host: "127.0.0.1:8080",
    byCode: false,
  });
  expect(shownServer("lingtai1.%%%").byCode).toBe(true);
});
