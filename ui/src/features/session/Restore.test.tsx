import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { RpcError } from "@/platform";
import { asked, openDesk, type } from "@/test/desk";

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
  });
});
