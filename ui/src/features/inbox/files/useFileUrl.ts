import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { read } from "@/ipc/files";
import type { FilePart } from "@/ipc/generated/FilePart";
import { keys } from "@/ipc/keys";

type FileUrl = { url: string | null; failed: boolean; retry: () => void };

/** An address of a file's bytes that is good while it is shown. `message` is none beside a reply. */
export function useFileUrl(
  id: string,
  message: string | null,
  part: FilePart,
  wanted = true,
): FileUrl {
  const { data, isError, refetch } = useQuery({
    queryKey: keys.file(id, part),
    queryFn: () => read(id, message, part),
    enabled: wanted,
  });
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [data]);
  return { url, failed: isError, retry: () => void refetch() };
}
