/** The systemd unit whose group it is, the innermost; null for the groups that container engines make inside their own. */
export function unitOf(cgroup: string | null): string | null {
  const unit = cgroup?.split('/').findLast((name) => /\.(?:service|scope)$/.test(name)) ?? null;
  const container = containerIn(cgroup);
  return container === null || unit?.includes(container) === true ? unit : null;
}

/** Whether the unit is kept by a user's own manager: `user@1000.service/app.slice/shop.service`. */
export function isOfUsersManager(cgroup: string | null): boolean {
  return /(?:^|\/)user@\d+\.service\/.*[^/]\.(?:service|scope)(?:\/|$)/.test(cgroup ?? '');
}

/** Docker, containerd, CRI-O and Podman name the group of a container after its id. */
export function containerIn(cgroup: string | null): string | null {
  return /(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/.exec(cgroup ?? '')?.[1] ?? null;
}
