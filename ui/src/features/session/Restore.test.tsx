import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import zh from "@/i18n/zh-CN.json";
import type { SessionView } from "@/ipc/generated/SessionView";
import { RpcError } from "@/platform";
import { asked, openDesk, type } from "@/test/desk";

const LOCKED: SessionView = {
  phase: "locked",
  account: "",
  by_passphrase: true,
  by_server: null,
};

it("restores a backup on a fresh desk and asks the agent to sign in", async () => {
  const fixture = await openDesk({ session: { phase: "fresh", keychain: false } });
  fireEvent.click(await screen.findByTestId("login-restore"));
  const form = await screen.findByTestId("restore");
  fireEvent.submit(form);
  expect(screen.getByText("请填备份文件的路径")).toBeTruthy();
  type(screen.getByTestId("restore-path"), "/mnt/usb/lingtai.ltbackup");
  type(screen.getByTestId("restore-passphrase"), "备份口令很长很长");
  type(screen.getByTestId("restore-own"), "这台电脑自己的口令");
  fixture.refuse("backup.restore", new RpcError("bad_backup", "", false, ""));
  fireEvent.submit(form);
  expect(await screen.findByText("这不是聆台的备份，或者文件已损坏。")).toBeTruthy();
  fireEvent.submit(form);
  expect(await screen.findByText("本机数据都在，登录后继续同步。")).toBeTruthy();
  expect(asked(fixture, "backup.restore")[1]?.args).toEqual({
    path: "/mnt/usb/lingtai.ltbackup",
    passphrase: "备份口令很长很长",
    own: "这台电脑自己的口令",
    discard_unsent: false,
  });
});

it("restores a backup where nobody can open the store, after saying what that sets aside", async () => {
  const fixture = await openDesk({ session: LOCKED });
  fireEvent.click(await screen.findByTestId("unlock-restore"));
  const form = await screen.findByTestId("restore");
  type(screen.getByTestId("restore-path"), "/mnt/usb/lingtai.ltbackup");
  type(screen.getByTestId("restore-passphrase"), "备份口令很长很长");
  fireEvent.submit(form);
  expect((await screen.findByTestId("restore-loses")).textContent).toContain("不再发送");
  expect(document.activeElement).toBe(screen.getByTestId("restore-back"));
  fixture.refuse("backup.restore", new RpcError("needs_passphrase", "", false, ""));
  fireEvent.submit(form);
  type(await screen.findByTestId("restore-own"), "这台电脑自己的口令");
  fireEvent.submit(form);
  expect(await screen.findByText("本机数据都在，登录后继续同步。")).toBeTruthy();
  expect(screen.getByText(/^已恢复。以前的数据在 .*former-/)).toBeTruthy();
  expect(asked(fixture, "backup.restore")[1]?.args).toEqual({
    path: "/mnt/usb/lingtai.ltbackup",
    passphrase: "备份口令很长很长",
    own: "这台电脑自己的口令",
    discard_unsent: true,
  });
});

it("goes back from a restoring to the passphrase", async () => {
  await openDesk({ session: LOCKED });
  fireEvent.click(await screen.findByTestId("unlock-restore"));
  fireEvent.click(await screen.findByTestId("restore-back"));
  expect(await screen.findByTestId("unlock-passphrase")).toBeTruthy();
});

it("looks into a backup before it restores it, and says which of the two it does", async () => {
  const fixture = await openDesk({ session: LOCKED });
  fireEvent.click(await screen.findByTestId("unlock-restore"));
  const form = await screen.findByTestId("restore");
  type(screen.getByTestId("restore-path"), "/mnt/usb/lingtai.ltbackup");
  type(screen.getByTestId("restore-passphrase"), "备份口令很长很长");
  const button = () => screen.getByTestId("restore-submit").textContent;
  const looked = fixture.hold("backup.inspect");
  fireEvent.submit(form);
  await waitFor(() => expect(button()).toContain(zh.safe.checkingBackup));
  looked();
  await screen.findByTestId("restore-found");
  const restored = fixture.hold("backup.restore");
  fireEvent.submit(form);
  await waitFor(() => expect(button()).toContain(zh.safe.restoring));
  restored();
  expect(await screen.findByText("本机数据都在，登录后继续同步。")).toBeTruthy();
});

it("says that something is unsent where nothing seemed to be here, and goes on when told so again", async () => {
  const fixture = await openDesk({ session: { phase: "fresh", keychain: true } });
  fireEvent.click(await screen.findByTestId("login-restore"));
  const form = await screen.findByTestId("restore");
  type(screen.getByTestId("restore-path"), "/mnt/usb/lingtai.ltbackup");
  type(screen.getByTestId("restore-passphrase"), "备份口令很长很长");
  fixture.refuse("backup.restore", new RpcError("unsent", "", false, ""));
  fireEvent.submit(form);
  expect(await screen.findByText(zh.error.unsent)).toBeTruthy();
  fireEvent.submit(form);
  expect(await screen.findByText("本机数据都在，登录后继续同步。")).toBeTruthy();
  const asks = asked(fixture, "backup.restore").map(({ args }) => args);
  expect(asks).toMatchObject([{ discard_unsent: false }, { discard_unsent: true }]);
});
