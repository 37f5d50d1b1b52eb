/** Where the memory controller of this process shows its files. */
export interface MemoryGroup {
  readonly version: 1 | 2;
  /** Where the hierarchy is mounted: the walk up through the parents ends here. */
  readonly mountPoint: string;
  /** The process's own folder, at or below the mount point. */
  readonly folder: string;
}

interface Mount {
  /** The group that the mount point shows; `/docker/abc` inside a container without a namespace. */
  readonly root: string;
  readonly point: string;
}

/**
 * Finds the folder of this process's memory control group.
 * @param cgroup text of /proc/self/cgroup: lines `id:controllers:path` (cgroups(7)).
 * @param mountinfo text of /proc/self/mountinfo (proc_pid_mountinfo(5)).
 * @returns null when there is no memory controller to be seen.
 */
export function findMemoryGroup(cgroup: string, mountinfo: string): MemoryGroup | null {
  // In a hybrid set-up version 2 is mounted too, without the memory controller: version 1 goes first where it has it.
  return (
    locate(
      1,
      pathOf(cgroup, (controllers) => controllers.includes('memory')),
      mountinfo,
    ) ??
    locate(
      2,
      pathOf(cgroup, (controllers) => controllers[0] === ''),
      mountinfo,
    )
  );
}

function locate(version: 1 | 2, path: string | null, mountinfo: string): MemoryGroup | null {
  const mount = path === null ? null : findMount(version, mountinfo);
  if (path === null || mount === null) return null;
  const inside = mount.root === '/' ? path : path === mount.root ? '' : afterRoot(path, mount.root);
  // A path outside what is mounted (`/../…` of a namespace) has no folder to read; the mount point is the nearest.
  const folder = inside === null || inside.startsWith('/..') ? '' : inside;
  return {
    version,
    mountPoint: mount.point,
    folder: folder === '/' ? mount.point : `${mount.point}${folder}`,
  };
}

function afterRoot(path: string, root: string): string | null {
  return path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

function pathOf(cgroup: string, matches: (controllers: string[]) => boolean): string | null {
  for (const line of cgroup.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers !== undefined && path.length > 0 && matches(controllers.split(',')))
      return path.join(':');
  }
  return null;
}

function findMount(version: 1 | 2, mountinfo: string): Mount | null {
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [type, , options = ''] = right.split(' ');
    const fits =
      version === 2 ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes('memory');
    const [, , , root, point] = left.split(' ');
    if (fits && root !== undefined && point !== undefined)
      return { root: unescapeOctal(root), point: unescapeOctal(point) };
  }
  return null;
}

/** The kernel writes space, tab, newline and backslash as `\040` and the like. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
