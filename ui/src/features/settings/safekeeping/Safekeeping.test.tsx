import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { size } from "@/lib/size";
import { RpcError } from "@/platform";
import type { Fixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk, type } from "@/test/desk";

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openDesk();
  await screen.findByTestId("conv-list");
  useRoutes.getState().showSettings("desk");
});

const press = async (id: string) => void fireEvent.click(await screen.findByTestId(id));
const enter = (id: string, text: string) => type(screen.getByTestId(id), text);
const send = (id: string) => {
  const form = screen.getByTestId(id).querySelector("form");
  if (!form) throw new Error("no form");
  fireEvent.submit(form);
};

describe("the keys of the local store", () => {
  it("shows the server's share, which opens nothing while offline", async () => {
    expect((await screen.findByTestId("slot-server")).textContent).toContain("可用");
    expect(screen.getByText("服务器份额")).toBeTruthy();
    expect(screen.getByText(/起，联网后凭账号和密码可以打开本机数据$/)).toBeTruthy();
    const { security } = fixture.data;
    const slots = security.slots.map((slot) => ({ ...slot, works: slot.kind !== "server" }));
    fixture.data.security = { ...security, slots };
    fixture.emit({ kind: "changed", tags: [{ tag: "security" }] });
    await waitFor(() =>
      expect(screen.getByTestId("slot-server").textContent).toContain("现在不可用"),
    );
    expect(screen.getByTestId("slot-passphrase").textContent).toContain("可用");
  });

  it("shows the ways in, and changes the passphrase when it is said twice", async () => {
    expect((await screen.findByTestId("slot-keychain")).textContent).toContain("可用");
    await press("change-passphrase");
    enter("passphrase-present", "旧的口令很长很长");
    enter("passphrase-new", "太短");
    send("passphrase-dialog");
    expect(screen.getByTestId("passphrase-new").getAttribute("aria-invalid")).toBe("true");
    enter("passphrase-new", "新的口令很长很长");
    enter("passphrase-again", "新的口令不一样啊");
    send("passphrase-dialog");
    expect(screen.getByText("两次输入不一样")).toBeTruthy();
    expect(asked(fixture, "security.passphrase")).toHaveLength(0);
    enter("passphrase-again", "新的口令很长很长");
    fixture.refuse("security.passphrase", new RpcError("wrong_passphrase", "", false, ""));
    send("passphrase-dialog");
    expect(await screen.findByText("口令不对，本机数据没有打开。")).toBeTruthy();
    send("passphrase-dialog");
    await waitFor(() => expect(screen.queryByTestId("passphrase-dialog")).toBeNull());
    expect(asked(fixture, "security.passphrase")[1]?.args).toEqual({
      present: "旧的口令很长很长",
      new: "新的口令很长很长",
    });
  });

  it("changes the key and says how far it has come", async () => {
    await press("change-key");
    enter("key-passphrase", "旧的口令很长很长");
    const release = fixture.hold("security.rekey");
    send("key-dialog");
    fixture.data.security = { ...fixture.data.security, rekey: "sealing" };
    fixture.emit({ kind: "changed", tags: [{ tag: "security" }] });
    await waitFor(() =>
      expect(screen.getByText("用新密钥加密").closest("li")?.className).toContain("now"),
    );
    fireEvent.keyDown(screen.getByTestId("key-dialog"), { key: "Escape" });
    expect(screen.getByTestId("key-dialog")).toBeTruthy();
    release();
    await waitFor(() => expect(screen.queryByTestId("key-dialog")).toBeNull());
    expect(screen.getByText("密钥已更换，旧密钥已作废。")).toBeTruthy();
  });
});

describe("backups", () => {
  it("makes one, lists it, and looks into it", async () => {
    await screen.findByText("还没有备份过");
    await press("make-backup");
    enter("backup-passphrase", "备份口令很长很长");
    enter("backup-again", "备份口令很长很长");
    fixture.refuse("backup.make", new RpcError("storage", "", true, ""));
    send("backup-dialog");
    expect(await screen.findByText(/^磁盘写不进去/)).toBeTruthy();
    send("backup-dialog");
    await waitFor(() => expect(screen.queryByTestId("backup-dialog")).toBeNull());
    expect(await screen.findByText(/^上次备份：/)).toBeTruthy();
    await press("check-backup");
    enter("check-passphrase", "备份口令不对啊啊");
    fixture.refuse("backup.inspect", new RpcError("wrong_passphrase", "", false, ""));
    send("check-dialog");
    expect(await screen.findByText("备份口令不对。")).toBeTruthy();
    send("check-dialog");
    expect((await screen.findByTestId("check-found")).textContent).toContain("未发出 2 条");
  });

  it("restores one over the present data, once the agent has seen what that does", async () => {
    fixture.data.connection = { ...fixture.data.connection, pending: 2, refused: 1 };
    fixture.emit({ kind: "connection", ...fixture.data.connection });
    await press("make-backup");
    enter("backup-passphrase", "备份口令很长很长");
    enter("backup-again", "备份口令很长很长");
    send("backup-dialog");
    await press("restore-backup");
    expect(screen.queryByTestId("restore-path")).toBeNull();
    send("restore-dialog");
    expect(screen.getByTestId("restore-passphrase").getAttribute("aria-invalid")).toBe("true");
    enter("restore-passphrase", "备份口令不对啊啊");
    fixture.refuse("backup.inspect", new RpcError("wrong_passphrase", "", false, ""));
    send("restore-dialog");
    expect(await screen.findByText("备份口令不对。")).toBeTruthy();
    enter("restore-passphrase", "备份口令很长很长");
    send("restore-dialog");
    expect((await screen.findByTestId("restore-found")).textContent).toContain(
      "wang.xiaotong · 聆选旗舰店",
    );
    expect(screen.getByTestId("restore-loses").textContent).toContain("还有 3 条没发出去");
    expect(screen.queryByTestId("restore-foreign")).toBeNull();
    // Enter pressed once too often goes back and touches nothing.
    expect(document.activeElement).toBe(screen.getByTestId("restore-back"));
    expect(asked(fixture, "backup.restore")).toHaveLength(0);

    const release = fixture.hold("backup.restore");
    send("restore-dialog");
    fixture.data.backups = { ...fixture.data.backups, restore: "sealing" };
    fixture.emit({ kind: "changed", tags: [{ tag: "backup" }] });
    await waitFor(() =>
      expect(screen.getByText("用本机密钥加密").closest("li")?.className).toContain("now"),
    );
    fireEvent.keyDown(screen.getByTestId("restore-dialog"), { key: "Escape" });
    expect(screen.getByTestId("restore-dialog")).toBeTruthy();
    release();
    await waitFor(() => expect(screen.queryByTestId("restore-dialog")).toBeNull());
    expect(await screen.findByText(/^已恢复。以前的数据在 .*former-/)).toBeTruthy();
    expect(await screen.findByText("恢复前的数据")).toBeTruthy();
    expect(asked(fixture, "backup.restore")[0]?.args).toEqual({
      path: fixture.data.backups.files[0]?.path,
      passphrase: "备份口令很长很长",
      own: null,
      discard_unsent: true,
    });
  });

  it("asks again when something was written meanwhile, and says whose a backup from a file is", async () => {
    fixture.data.connection = { ...fixture.data.connection, pending: 0, refused: 0, conflicts: 0 };
    fixture.emit({ kind: "connection", ...fixture.data.connection });
    await press("restore-from-file");
    enter("restore-path", "/mnt/usb/lingtai-lina-20261124-180000.ltbackup");
    enter("restore-passphrase", "备份口令很长很长");
    send("restore-dialog");
    expect((await screen.findByTestId("restore-foreign")).textContent).toContain("lina");
    expect(screen.queryByTestId("restore-loses")).toBeNull();
    fixture.refuse("backup.restore", new RpcError("unsent", "", false, ""));
    send("restore-dialog");
    expect((await screen.findByTestId("restore-loses")).textContent).toContain("请再确认一次");
    send("restore-dialog");
    await waitFor(() => expect(screen.queryByTestId("restore-dialog")).toBeNull());
    const asks = asked(fixture, "backup.restore").map(({ args }) => args);
    expect(asks).toMatchObject([{ discard_unsent: false }, { discard_unsent: true }]);
  });

  it("goes back to the file when the backup turns out to be none", async () => {
    await press("restore-from-file");
    enter("restore-path", "/mnt/usb/lingtai.ltbackup");
    enter("restore-passphrase", "备份口令很长很长");
    send("restore-dialog");
    await screen.findByTestId("restore-found");
    fixture.refuse("backup.restore", new RpcError("bad_backup", "", false, ""));
    send("restore-dialog");
    await waitFor(() =>
      expect(screen.getByTestId("restore-path").getAttribute("aria-invalid")).toBe("true"),
    );
    await press("restore-back");
    await waitFor(() => expect(screen.queryByTestId("restore-dialog")).toBeNull());
  });

  it("writes lengths as people read them", () => {
    expect([900, 20_480, 1_300_000, 5_368_709_120].map(size)).toEqual([
      "1 KB",
      "20 KB",
      "1.2 MB",
      "5.0 GB",
    ]);
  });
});
