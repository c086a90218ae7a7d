import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
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
  it("says where the account has ended, and does not blame the password alone", async () => {
    const fixture = await openDesk({
      session: { phase: "signed_out", server: "desk.example.com", account: "wang" },
      connection: { ...sampleData(0).connection, state: "signed_out", account_ended: true },
    });
    expect((await screen.findByTestId("account-ended")).textContent).toContain(
      "账号已停用，请联系管理员",
    );
    fixture.refuse("session.login", new RpcError("wrong_password", "", false, ""));
    type(screen.getByTestId("login-password"), "secret");
    await press();
    expect(await screen.findByText(/^账号或密码不对，或者账号已停用/)).toBeTruthy();
    // An administrator has let them in again.
    await press();
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
  });
  it("opens a locked store, or says that the passphrase is wrong", async () => {
    const fixture = await openDesk({
      session: { phase: "locked", account: "wang", by_passphrase: true, by_server: null },
    });
    const form = await screen.findByTestId("unlock");
    fixture.refuse("session.unlock", new RpcError("wrong_passphrase", "", false, ""));
    type(screen.getByTestId("unlock-passphrase"), "nope");
    fireEvent.submit(form);
    expect(await screen.findByText("口令不对，本机数据没有打开。")).toBeTruthy();
    expect(screen.queryByTestId("unlock-by-account")).toBeNull();
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

describe("unlocking with the account", () => {
  const locked = (by_passphrase: boolean, by_server: string | null) =>
    openDesk({ session: { phase: "locked", account: "", by_passphrase, by_server } });
  const send = () => fireEvent.submit(screen.getByTestId("unlock-account"));
  const fill = () => {
    type(screen.getByTestId("unlock-username"), " wang ");
    type(screen.getByTestId("unlock-password"), "secret");
  };

  it("is there for who forgot the passphrase, and sets a new one that is said twice", async () => {
    const fixture = await locked(true, "desk.example");
    fireEvent.click(await screen.findByTestId("unlock-by-account"));
    expect(screen.getByTestId("unlock-account").textContent).toContain("desk.example");
    send();
    expect(screen.getByText("请填账号")).toBeTruthy();
    expect(screen.getByText("请填密码")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByTestId("unlock-username"));
    expect(screen.queryByTestId("unlock-keychain")).toBeNull();
    fill();
    send();
    expect(screen.getByText("请设一个新的本机口令")).toBeTruthy();
    type(screen.getByTestId("unlock-new"), "太短");
    send();
    expect(screen.getByText("本机口令至少 8 个字")).toBeTruthy();
    type(screen.getByTestId("unlock-new"), "新的口令很长很长");
    type(screen.getByTestId("unlock-again"), "新的口令不一样啊");
    send();
    expect(screen.getByText("两次输入不一样")).toBeTruthy();
    expect(asked(fixture, "session.unlock_by_server")).toEqual([]);
    type(screen.getByTestId("unlock-again"), "新的口令很长很长");
    send();
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
    expect(asked(fixture, "session.unlock_by_server")[0]?.args).toEqual({
      username: "wang",
      password: "secret",
      new_passphrase: "新的口令很长很长",
    });
  });

  it("is the first way where the keychain forgot, and needs no passphrase", async () => {
    const fixture = await locked(false, "desk.example");
    const form = await screen.findByTestId("unlock-account");
    expect(form.textContent).toContain("系统凭据打不开本机数据");
    expect(screen.queryByTestId("unlock-by-passphrase")).toBeNull();
    fill();
    const release = fixture.hold("session.unlock_by_server");
    send();
    expect(await screen.findByText("正在打开")).toBeTruthy();
    send();
    release();
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
    expect(asked(fixture, "session.unlock_by_server").map(({ args }) => args)).toEqual([
      { username: "wang", password: "secret", new_passphrase: null },
    ]);
  });

  it.each([
    ["nothing else", null, "unlock-none"],
    ["the account", "desk.example", "unlock-account"],
  ] as const)("tries the keychain again beside %s", async (_, server, form) => {
    const fixture = await locked(false, server);
    await screen.findByTestId(form);
    expect(screen.getByTestId("unlock-closed").textContent).toContain("请先解锁系统凭据");
    fixture.refuse("session.unlock", new RpcError("locked", "", false, ""));
    fireEvent.click(screen.getByTestId("unlock-keychain"));
    expect((await screen.findByTestId("keychain-error")).textContent).toBe(
      "系统凭据还是打不开本机数据。",
    );
    await waitFor(() =>
      expect(screen.getByTestId("unlock-keychain")).toHaveProperty("disabled", false),
    );
    fireEvent.click(screen.getByTestId("unlock-keychain"));
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
    expect(asked(fixture, "session.unlock").map(({ args }) => args)).toEqual([
      { passphrase: null },
      { passphrase: null },
    ]);
  });

  it.each([
    ["wrong_password", /^账号或密码不对，或者账号已停用/],
    ["offline", /^连不上 desk\.example。用账号解锁要联网/],
    ["no_share", /^本机数据不能用账号解锁/],
    ["illegal_state", /^上次更换密钥没有做完/],
    ["slow_down", /^试得太快了/],
    ["needs_passphrase", /^请设一个新的本机口令/],
  ] as const)("says what is wrong: %s", async (code, text) => {
    const fixture = await locked(true, "desk.example");
    fireEvent.click(await screen.findByTestId("unlock-by-account"));
    fill();
    type(screen.getByTestId("unlock-new"), "新的口令很长很长");
    type(screen.getByTestId("unlock-again"), "新的口令很长很长");
    fixture.refuse("session.unlock_by_server", new RpcError(code, "", false, ""));
    send();
    expect(await screen.findByText(text)).toBeTruthy();
    fireEvent.click(screen.getByTestId("unlock-by-passphrase"));
    expect(await screen.findByTestId("unlock-passphrase")).toBeTruthy();
  });

  it("is not there without a share; where nothing opens, that is said", async () => {
    await locked(false, null);
    expect((await screen.findByTestId("unlock-none")).textContent).toContain("系统凭据");
    expect(screen.queryByTestId("unlock-passphrase")).toBeNull();
  });
});
