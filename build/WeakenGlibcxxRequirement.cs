using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// libLibTorchSharp.so asks for GLIBCXX_3.4.32, which Debian 12's libstdc++ does not have, for one symbol that no relocation uses.
/// Marking that version need as weak (VER_FLG_WEAK, System V ABI "Symbol Versioning") lets it load. Only the output copy is changed, and only
/// where the system's libstdc++ lacks the version.
/// </summary>
public sealed class WeakenGlibcxxRequirement : Task
{
    private const string Version = "GLIBCXX_3.4.32";
    private const int VersionNeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;

    [Required]
    public string Library { get; set; }

    public override bool Execute()
    {
        const string systemLibrary = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
        if (!File.Exists(systemLibrary) || Encoding.GetEncoding("ISO-8859-1").GetString(File.ReadAllBytes(systemLibrary)).Contains(Version))
            return true;
        byte[] elf = File.ReadAllBytes(Library);
        int flags = FindFlags(elf);
        if (flags < 0 || (BitConverter.ToUInt16(elf, flags) & WeakFlag) != 0)
            return true;
        elf[flags] |= (byte)WeakFlag;
        // The output is a hard link into the package cache: replace the link instead of writing through it.
        string patched = Library + ".patched";
        File.WriteAllBytes(patched, elf);
        // With its old time, the copy step takes it for unchanged and leaves it alone in the next build.
        File.SetLastWriteTimeUtc(patched, File.GetLastWriteTimeUtc(Library));
        File.Delete(Library);
        File.Move(patched, Library);
        Log.LogMessage(MessageImportance.Low, "Marked " + Version + " as a weak requirement of " + Library);
        return true;
    }

    /// <summary>Offset of the flags of the version's Elf64_Vernaux entry, or -1.</summary>
    private static int FindFlags(byte[] elf)
    {
        int sections = (int)BitConverter.ToInt64(elf, 0x28), size = BitConverter.ToUInt16(elf, 0x3A), count = BitConverter.ToUInt16(elf, 0x3C);
        for (int i = 0; i < count; i++)
        {
            int header = sections + i * size;
            if (BitConverter.ToInt32(elf, header + 4) != VersionNeedSection)
                continue;
            int names = (int)BitConverter.ToInt64(elf, sections + BitConverter.ToInt32(elf, header + 0x28) * size + 0x18);
            int needs = BitConverter.ToInt32(elf, header + 0x2C);
            int need = (int)BitConverter.ToInt64(elf, header + 0x18);
            for (int n = 0; n < needs; n++)
            {
                int entry = need + BitConverter.ToInt32(elf, need + 8);
                for (int a = 0; a < BitConverter.ToUInt16(elf, need + 2); a++)
                {
                    if (TextAt(elf, names + BitConverter.ToInt32(elf, entry + 8)) == Version)
                        return entry + 4;
                    entry += BitConverter.ToInt32(elf, entry + 12);
                }
                need += BitConverter.ToInt32(elf, need + 12);
            }
        }
        return -1;
    }

    private static string TextAt(byte[] elf, int offset)
    {
        int end = Array.IndexOf(elf, (byte)0, offset);
        return Encoding.ASCII.GetString(elf, offset, end - offset);
    }
}
