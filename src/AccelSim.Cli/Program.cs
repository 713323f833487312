Console.WriteLine("accelsim");
